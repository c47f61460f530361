import { randomBytes, randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { expect, onTestFinished } from 'vitest';
import { aVerifiedUser, testAccounts, testPassword } from '#test/accounts.ts';
import { aPerson } from '#test/app.ts';
import { test } from '#test/database.ts';
import { tellFigure } from '#test/soak.ts';

const samples = 1_000;
const differenceMsMax = 5;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** An answer without what is random in every answer: ids, times and the address that was sent. */
const shapeOf = ({ statusCode, body, headers }: LightMyRequestResponse, email: string): string =>
  JSON.stringify([statusCode, Object.keys(headers).sort(), body])
    .replaceAll(email, 'EMAIL')
    .replaceAll(email.split('@')[0]!, 'NAME')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

test('sign-in, forgotten password and sign-up answer an unknown address as a known one: same words, same time', async ({
  db,
  task,
}) => {
  const accounts = await testAccounts(db);
  onTestFinished(() => accounts.app.close());
  const { userId } = await aVerifiedUser(accounts);
  // Each address is tried a few times only, below what locks it.
  const known = await Promise.all(
    Array.from({ length: 250 }, async () => {
      const person = await aPerson(db);
      await db.owner.pool.query(
        `insert into auth.account (id, account_id, provider_id, user_id, password, updated_at)
         select $1, $2, provider_id, $2, password, now() from auth.account where user_id = $3 and provider_id = 'credential'`,
        [randomUUID(), person.userId, userId],
      );
      return person;
    }),
  );
  const calls: [name: string, url: string, body: (email: string) => object][] = [
    ['sign-in', '/api/auth/sign-in/email', (email) => ({ email, password: 'not the right one' })],
    ['token', '/api/v1/auth/token', (email) => ({ grant_type: 'password', email, password: 'not the right one' })],
    ['forgotten password', '/api/auth/request-password-reset', (email) => ({ email })],
    ['verification', '/api/auth/send-verification-email', (email) => ({ email })],
    ['sign-up', '/api/auth/sign-up/email', (email) => ({ email, name: 'Test', password: testPassword })],
  ];
  const differences: Record<string, number> = {};
  for (const [name, url, body] of calls) {
    const times = { known: [] as number[], unknown: [] as number[] };
    const shapes = { known: new Set<string>(), unknown: new Set<string>() };
    for (let turn = 0; turn < samples * 2; turn += 1) {
      // Alternating, so that whatever else the machine does meets both alike.
      const kind = turn % 2 === 0 ? 'known' : 'unknown';
      const email = kind === 'known' ? known[(turn / 2) % known.length]!.email : `${randomUUID()}@example.com`;
      const before = process.hrtime.bigint();
      const answer = await accounts.app.inject({
        method: 'POST',
        url,
        payload: body(email),
        headers: {
          host: 'localhost:8000',
          origin: 'http://localhost:8000',
          'x-request-id': randomBytes(4).toString('hex'),
        },
      });
      times[kind].push(Number(process.hrtime.bigint() - before) / 1e6);
      shapes[kind].add(shapeOf(answer, email).replaceAll(/"request_id":"[^"]*"|\\"request_id\\":\\"[^"\\]*\\"/g, ''));
    }
    expect([...shapes.known], name).toHaveLength(1);
    expect([...shapes.unknown], name).toEqual([...shapes.known]);
    differences[name] = median(times.known) - median(times.unknown);
  }
  const tooFar = Object.entries(differences).filter(([, differenceMs]) => Math.abs(differenceMs) >= differenceMsMax);
  console.log('medians, known minus unknown, ms', differences);
  tellFigure({ task }, 'T32', `${samples} of each: medians, known minus unknown, ms ${JSON.stringify(differences)}`);
  expect(tooFar).toEqual([]);
});
