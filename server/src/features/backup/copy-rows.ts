import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from, to, type CopyStreamQuery } from 'pg-copy-streams';

/** Rows travel in pieces of about this many bytes: a tar entry must say its length before its first byte. */
const pieceBytes = 4 * 1024 * 1024;

/** Both ends of a copy must read text alike, whatever the login's defaults are. */
export const copySettings =
  "set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local extra_float_digits = 3; set local bytea_output = 'hex'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local search_path = ''";

/** Runs a `copy … to stdout`, hands over its bytes in pieces, and returns the number of rows. */
export async function copyOut(
  client: pg.ClientBase,
  statement: string,
  take: (piece: Buffer) => Promise<void>,
): Promise<number> {
  const stream = client.query(to(statement));
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    waiting.push(chunk);
    bytes += chunk.byteLength;
    if (bytes < pieceBytes) continue;
    await take(Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) await take(Buffer.concat(waiting));
  return stream.rowCount;
}

/** A `copy … from stdin` that is fed piece by piece. */
export type CopyIn = { write: (piece: Buffer) => Promise<void>; end: () => Promise<number> };

/** Begins a copy. `end` returns the number of rows; the server's refusal is thrown by `write` or `end`. */
export function copyIn(client: pg.ClientBase, statement: string): CopyIn {
  const stream: CopyStreamQuery = client.query(from(statement));
  const done = finished(stream);
  done.catch(() => undefined); // Thrown where somebody waits for it.
  return {
    write: async (piece) => {
      if (!stream.write(piece)) await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), done]);
    },
    end: async () => {
      stream.end();
      await done;
      return stream.rowCount;
    },
  };
}
