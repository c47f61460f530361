import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { HttpApp } from './route.ts';

/** One event of a stream. `data` is sent as JSON. */
export type StreamEvent = { event: string; id?: string; data: unknown };

/** An open answer of type `text/event-stream`. */
export type EventStream = {
  send: (event: StreamEvent) => void;
  /** A line that clients ignore: keeps proxies from closing a quiet stream. */
  comment: (text: string) => void;
  /** Ends the answer. Harmless when it has ended. */
  end: () => void;
  /** Resolves when the stream is over, whoever ended it. */
  closed: Promise<void>;
  isOpen: () => boolean;
};

declare module 'fastify' {
  interface FastifyReply {
    /** Answers with Server-Sent Events. Headers set before are kept. */
    openStream: () => EventStream;
    /** The answer is a stream: how long it lasted says nothing about how fast we are. */
    isStream: boolean;
  }
}

/** A reader that does not read is cut once this much waits in memory for it. */
const pendingBytesMax = 1_000_000;

/**
 * Adds `reply.openStream`. Open streams end in `preClose`: the server waits for open answers before `onClose`, so ending them there would hang
 * for ever.
 */
export function addStreams(app: HttpApp): void {
  const open = new Set<EventStream>();
  app.decorateReply('isStream', false);
  app.decorateReply('openStream', function (this: FastifyReply) {
    this.isStream = true;
    this.hijack();
    const stream = startStream(this.raw, { ...this.getHeaders() });
    open.add(stream);
    void stream.closed.then(() => open.delete(stream));
    return stream;
  });
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });
}

function startStream(
  raw: ServerResponse,
  headers: Record<string, number | string | string[] | undefined>,
): EventStream {
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Asks nginx and its kin not to collect the stream before passing it on.
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  const closed = new Promise<void>((resolve) => raw.once('close', () => resolve()));
  const write = (text: string): void => {
    if (raw.writableEnded || raw.destroyed) return;
    if (raw.writableLength > pendingBytesMax) raw.destroy();
    else raw.write(text);
  };
  return {
    send: ({ event, id, data }) =>
      write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    comment: (text) => write(`: ${text}\n\n`),
    end: () => {
      if (!raw.writableEnded) raw.end();
    },
    closed,
    isOpen: () => !raw.writableEnded && !raw.destroyed,
  };
}
