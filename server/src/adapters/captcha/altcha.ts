import { createHmac } from 'node:crypto';
import { type Challenge, createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import type { Captcha } from './port.ts';

// About a second of a phone's time; checking it costs us one derivation, about a millisecond.
const cost = 1_000;
const usualWork = { min: 1_000, max: 4_000 };
const aliveMs = 600_000;
const answerMax = 8_000;

const Answer = z.object({
  challenge: z.object({
    parameters: z.looseObject({ nonce: z.string(), expiresAt: z.number() }),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.int().min(0), derivedKey: z.string() }),
});

export type AltchaOptions = {
  secret: string;
  nowMs: () => number;
  /** How many keys a browser derives, at least and at most. */
  work?: { min: number; max: number };
};

/**
 * A puzzle of our own, without a third party: proof of work by PBKDF2 (ALTCHA, protocol version 2). Challenges are signed and stored nowhere; they live ten
 * minutes. The answer is base64 of `{challenge, solution}`, as the widget sends it.
 */
export function createAltcha({ secret, nowMs, work = usualWork }: AltchaOptions): Captcha {
  const keyFor = (purpose: string): string => createHmac('sha256', secret).update(`altcha ${purpose}`).digest('hex');
  const secrets = { hmacSignatureSecret: keyFor('challenge'), hmacKeySignatureSecret: keyFor('solution') };
  return {
    kind: 'altcha',
    siteKey: null,
    widgetOrigin: null,
    newChallenge: () =>
      createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost,
        counter: randomInt(work.max, work.min),
        deriveKey,
        expiresAt: new Date(nowMs() + aliveMs),
        ...secrets,
      }),
    async check(answer) {
      const given = Answer.safeParse(parse(answer));
      if (!given.success) return undefined;
      const { challenge, solution } = given.data;
      const { nonce, expiresAt } = challenge.parameters;
      const { verified } = await verifySolution({
        challenge: challenge as unknown as Challenge,
        solution,
        deriveKey,
        ...secrets,
      });
      const expires = new Date(expiresAt * 1_000);
      return verified && expires.getTime() > nowMs() ? { challenge: `altcha:${nonce}`, expiresAt: expires } : undefined;
    },
  };
}

function parse(answer: string): unknown {
  if (answer.length > answerMax) return undefined;
  try {
    return JSON.parse(Buffer.from(answer, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
