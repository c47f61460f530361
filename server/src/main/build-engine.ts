import type { Logger } from 'pino';
import { createFakeEngine } from '#adapters/engine/fake.ts';
import { createInvokeAiEngine } from '#adapters/engine/invokeai.ts';
import { createMiniEngine } from '#adapters/engine/mini.ts';
import type { Engine } from '#adapters/engine/port.ts';

/** The engine of this worker. `fake` draws coloured squares at once, for tests of everything around the engine. */
export function buildEngine(
  name: string,
  log: Logger,
  { fakeStepMs = 0, invokeAiUrl }: { fakeStepMs?: number; invokeAiUrl: string | null },
): Engine {
  switch (name) {
    case 'mini':
      return createMiniEngine({ log });
    case 'invokeai':
      if (invokeAiUrl === null) throw new Error('INVOKEAI_URL is not set: the address of the InvokeAI server.');
      return createInvokeAiEngine({ url: invokeAiUrl, log });
    case 'fake':
      return createFakeEngine({ stepMs: fakeStepMs });
    default:
      throw new Error(`ENGINE: "${name}" is not an engine of this version.`);
  }
}
