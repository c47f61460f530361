import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createAwsNotices } from './aws.ts';

/** The metadata service as EC2 has it: no answer without a token of its own. */
async function aMetadataService() {
  const state = { tokens: 0, known: '', action: undefined as string | undefined };
  const answer = ({ method, url, headers }: IncomingMessage): [status: number, text?: string] => {
    if (method === 'PUT' && url === '/latest/api/token') {
      if (headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined) return [400];
      state.tokens += 1;
      state.known = `token-${state.tokens}`;
      return [200, state.known];
    }
    if (headers['x-aws-ec2-metadata-token'] !== state.known) return [401];
    if (url !== '/latest/meta-data/spot/instance-action') return [500];
    return state.action === undefined ? [404] : [200, state.action];
  };
  const server = createServer((request, response) => {
    const [status, text] = answer(request);
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { state, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test('no notice until the service has one; then it says when the machine is stopped', async () => {
  const { state, endpoint } = await aMetadataService();
  const notices = createAwsNotices({ endpoint, nowMs: () => 0 });
  expect(await notices.current()).toBeUndefined();
  state.action = '{"action": "terminate", "time": "2026-09-18T08:22:00Z"}';
  expect(await notices.current()).toEqual({ endsAtMs: Date.UTC(2026, 8, 18, 8, 22) });
  expect(state.tokens).toBe(1);
});

test('a token is renewed before it ends, and one that was forgotten is replaced at the next look', async () => {
  const { state, endpoint } = await aMetadataService();
  let now = 0;
  const notices = createAwsNotices({ endpoint, nowMs: () => now });
  await notices.current();
  now = 5 * 3_600_000;
  await notices.current();
  expect(state.tokens).toBe(2);
  state.known = 'another';
  await expect(notices.current()).rejects.toThrow('401');
  expect(await notices.current()).toBeUndefined();
});

test('an answer that makes no sense is an error, never a notice', async () => {
  const { state, endpoint } = await aMetadataService();
  const notices = createAwsNotices({ endpoint, nowMs: () => 0 });
  for (const action of ['<html>', '{"action": "terminate"}', '{"action": "stop", "time": "soon"}']) {
    state.action = action;
    await expect(notices.current()).rejects.toThrow();
  }
});
