import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { assertSpecFits } from './check-spec.ts';
import { type Catalogue, toCatalogue } from './invokeai/catalogue.ts';
import { assertNodes, assertVersion } from './invokeai/check-server.ts';
import { createInvokeAiEvents, type InvokeAiEvents } from './invokeai/events.ts';
import { forgetAttempt } from './invokeai/forget-attempt.ts';
import { generateWithInvokeAi } from './invokeai/generate.ts';
import { createInvokeAiRest } from './invokeai/rest.ts';
import { decidedTiming, type ItemTiming } from './invokeai/run-item.ts';
import { type Engine, type EngineCapabilities, EngineError } from './port.ts';

export type InvokeAiOptions = {
  /** Where the server listens, for instance `http://127.0.0.1:9090`. */
  url: string;
  log?: Logger;
  /** How long the first `capabilities` waits for a server that is starting. */
  startTimeoutMs?: number;
  timing?: Partial<ItemTiming>;
};

const unreachable = (message: string, cause?: unknown): EngineError =>
  new EngineError('engine_unreachable', message, { retry: true, countsAsAttempt: false, cause });

/**
 * Drives an InvokeAI server, 6.13.8 or a later 6, over REST and its events. The server is not this engine's: it is neither started nor stopped here.
 *
 * Throws from `capabilities`, besides `engine_unreachable`, a plain `Error` that says what is wrong with a server that answers: its version, or nodes it
 * lacks.
 */
export function createInvokeAiEngine({ url, log, startTimeoutMs = 180_000, timing }: InvokeAiOptions): Engine {
  const rest = createInvokeAiRest(url);
  const closing = new AbortController();
  const uploads = new Map<string, string[]>();
  let events: InvokeAiEvents | null = null;
  let known: { catalogue: Catalogue; capabilities: EngineCapabilities } | null = null;
  let loaded: string | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const untilReady = async (): Promise<string> => {
    const deadline = performance.now() + startTimeoutMs;
    for (;;) {
      try {
        return await rest.version();
      } catch (error) {
        if (closing.signal.aborted || performance.now() > deadline)
          throw unreachable('The InvokeAI server does not answer', error);
        await delay(500, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };
  const look = async (): Promise<{ catalogue: Catalogue; capabilities: EngineCapabilities }> => {
    const version = await untilReady();
    assertVersion(version);
    try {
      const catalogue = toCatalogue(await rest.models());
      assertNodes(await rest.openapi(), catalogue);
      const device = (await rest.device()) ?? { id: 'cpu', name: 'CPU' };
      const capabilities = {
        engine: 'invokeai',
        version,
        device: device.name,
        deviceClass: device.id === 'cpu' ? 'cpu' : device.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
        deviceMemoryBytes: null,
        models: catalogue.models,
        loras: catalogue.loras,
      };
      return { catalogue, capabilities };
    } catch (error) {
      if (error instanceof Error && error.name === 'Unanswered')
        throw unreachable('The InvokeAI server stopped answering', error);
      throw error;
    }
  };
  const assertOpen = (): void => {
    if (closing.signal.aborted) throw unreachable('The engine is closed');
  };
  const refresh = async (): Promise<NonNullable<typeof known>> => {
    assertOpen();
    events ??= createInvokeAiEvents(url);
    known = await look();
    return known;
  };

  return {
    capabilities: async () => (await refresh()).capabilities,
    loadedModel: () => loaded,
    async generate(spec, options) {
      assertOpen();
      const { catalogue, capabilities } = known ?? (await refresh());
      assertSpecFits(capabilities.models, spec);
      const result = turn.then(() =>
        generateWithInvokeAi(
          {
            rest,
            events: (events ??= createInvokeAiEvents(url)),
            timing: { ...decidedTiming, ...timing },
            catalogue,
            closing: closing.signal,
            onUpload: (name) => uploads.set(spec.attemptId, [...(uploads.get(spec.attemptId) ?? []), name]),
          },
          spec,
          options,
        ),
      );
      turn = result.catch(() => undefined);
      const done = await result;
      if (done.images.length > 0) loaded = spec.model;
      return done;
    },
    health: async () => {
      if (closing.signal.aborted) return false;
      return rest.status().then(
        ({ processor }) => processor.is_started,
        () => false,
      );
    },
    async forget(attemptId) {
      await forgetAttempt(rest, attemptId, uploads.get(attemptId) ?? []);
      uploads.delete(attemptId);
    },
    freeMemory: async () => {
      await rest.emptyModelCache();
      loaded = null;
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await turn;
      events?.close();
      log?.debug('the connection to InvokeAI is closed');
    },
  };
}
