import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { expect, test } from 'vitest';
import { createAltcha } from './altcha.ts';

const secret = 'a secret of tests';
const work = { min: 1, max: 5 };
const encode = (answer: unknown): string => Buffer.from(JSON.stringify(answer)).toString('base64');

async function solved(captcha: ReturnType<typeof createAltcha>) {
  const challenge = (await captcha.newChallenge?.()) as Challenge;
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error('the challenge has no solution');
  return { challenge, solution };
}

test('a solved challenge passes, named by itself and with its end', async () => {
  const captcha = createAltcha({ secret, nowMs: () => Date.now(), work });
  const answer = await solved(captcha);
  const { nonce, expiresAt } = answer.challenge.parameters;
  expect(await captcha.check(encode(answer), '')).toEqual({
    challenge: `altcha:${nonce}`,
    expiresAt: new Date((expiresAt ?? 0) * 1_000),
  });
});

test('answers that are wrong, changed, signed by others, late or no answers at all do not pass', async () => {
  let nowMs = Date.now();
  const captcha = createAltcha({ secret, nowMs: () => nowMs, work });
  const { challenge, solution } = await solved(captcha);
  const others = await solved(createAltcha({ secret: 'another secret', nowMs: () => nowMs, work }));
  const later = { ...challenge.parameters, expiresAt: (challenge.parameters.expiresAt ?? 0) + 1_000 };
  for (const answer of [
    encode({ challenge, solution: { ...solution, derivedKey: '00'.repeat(32) } }),
    encode({ challenge: { ...challenge, parameters: later }, solution }),
    encode({ challenge: { ...challenge, parameters: { ...challenge.parameters, nonce: '00' } }, solution }),
    encode({ challenge: { parameters: challenge.parameters }, solution }),
    encode(others),
    encode(null),
    encode([]),
    'not base64 {',
    '',
    'A'.repeat(20_000),
  ])
    expect(await captcha.check(answer, ''), answer).toBeUndefined();
  nowMs += 601_000;
  expect(await captcha.check(encode({ challenge, solution }), '')).toBeUndefined();
});
