import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Said = { status: number; body?: unknown } | 'hang';

/** A server that answers each call (the first is 1) by what the test says, and keeps what it was asked; for one test. */
export async function aServer(answer: (call: number, request: http.IncomingMessage) => Said) {
  const calls: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    const said = answer(calls.push(request), request);
    if (said === 'hang') return;
    response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
