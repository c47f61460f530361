import type { AddressInfo } from 'node:net';
import type { Caller, TestApi } from '#test/app.ts';

export type ReadEvent = { event: string; id?: string; data: any };

/** An open stream of events over a real socket. */
export type EventReader = {
  status: number;
  headers: Headers;
  /** The next event; undefined when the stream has ended. Comments are skipped. */
  next: () => Promise<ReadEvent | undefined>;
  /** Reads up to and with the first event that matches. */
  until: (matches: (event: ReadEvent) => boolean) => Promise<ReadEvent[]>;
  close: () => Promise<void>;
};

/** Opens a stream; the API must listen (`listenLocally`). */
export async function openEvents(
  api: TestApi,
  caller: Pick<Caller, 'headers'>,
  path: string,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const { port } = api.app.server.address() as AddressInfo;
  const abort = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { ...caller.headers, ...headers },
    signal: abort.signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  const next = async (): Promise<ReadEvent | undefined> => {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end === -1) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        buffer += value;
        continue;
      }
      const block = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (block.startsWith(':')) continue;
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      return {
        event: fields['event']!,
        ...(fields['id'] !== undefined && { id: fields['id'] }),
        data: JSON.parse(fields['data']!),
      };
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    next,
    until: async (matches) => {
      const seen: ReadEvent[] = [];
      for (let event = await next(); event; event = await next()) {
        seen.push(event);
        if (matches(event)) return seen;
      }
      throw new Error(`the stream ended after ${JSON.stringify(seen.map(({ event }) => event))}`);
    },
    close: async () => {
      abort.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}

/** Lets the API answer on a free port of this machine. */
export const listenLocally = async (api: TestApi): Promise<void> =>
  void (await api.app.listen({ port: 0, host: '127.0.0.1' }));
