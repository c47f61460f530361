import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

export type ListenOptions = {
  connectionString: string;
  /** Called for every notification of a channel. Hints only: some are lost while the connection is down. */
  channels: Record<string, (payload: string) => void>;
  /** Called after each (re)connection, when hints may have been lost: look at the tables. */
  onConnected?: () => void;
  log: Pick<Logger, 'warn'>;
};

export type Listener = { close: () => Promise<void> };

const reconnectMs = [100, 500, 1_000, 2_000, 5_000];
/** A listener only reads, so it would never notice a network that swallows packets: it asks, and connects again when no answer comes. */
const askMs = 5_000;

/** Listens on channels with a connection of its own, and connects again for ever when it is lost. */
export function listen({ connectionString, channels, onConnected, log }: ListenOptions): Listener {
  let client: pg.Client | undefined;
  let socket: net.Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let closed = false;

  const again = (lost: pg.Client): void => {
    if (closed || client !== lost) return;
    clearTimeout(timer);
    client = undefined;
    timer = setTimeout(connect, reconnectMs[Math.min(failures++, reconnectMs.length - 1)]);
  };
  const ask = (current: pg.Client): void => {
    if (closed || client !== current) return;
    timer = setTimeout(
      () =>
        void current.query('select 1').then(
          () => ask(current),
          () => again(current),
        ),
      askMs,
    );
  };
  const connect = (): void => {
    const stream = new net.Socket();
    socket = stream;
    const next = new pg.Client({
      connectionString,
      stream: () => stream,
      application_name: 'pingvas listen',
      connectionTimeoutMillis: askMs,
      // An answer that does not come in time ends the connection.
      pipeline: true,
      query_timeout: askMs,
    });
    client = next;
    next.on('error', (error) => {
      log.warn({ err: error }, 'listening connection lost; connecting again');
      again(next);
    });
    next.on('end', () => again(next));
    next.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''));
    next
      .connect()
      .then(() =>
        next.query(
          Object.keys(channels)
            .map((channel) => `listen ${pg.escapeIdentifier(channel)}`)
            .join('; '),
        ),
      )
      .then(() => {
        failures = 0;
        onConnected?.();
        ask(next);
      })
      .catch((error: unknown) => {
        log.warn({ err: error }, 'listening failed; connecting again');
        void next.end().catch(() => undefined);
        again(next);
      });
  };
  connect();

  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      // A goodbye that nobody hears is not waited for.
      await Promise.race([client?.end().catch(() => undefined), delay(1_000, undefined, { ref: false })]);
      socket?.destroy();
    },
  };
}
