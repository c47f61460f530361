import { z } from 'zod';
import type { Captcha } from './port.ts';

// Cloudflare's tokens live five minutes, and are 2,048 characters at most.
const aliveMs = 300_000;
const answerMax = 2_048;
const timeoutMs = 5_000;

const Verdict = z.object({ success: z.boolean() });

export type TurnstileOptions = {
  siteKey: string;
  secretKey: string;
  /** The address of `siteverify`. */
  url: string;
  nowMs: () => number;
};

/** Cloudflare Turnstile: the widget's token is checked by its `siteverify`. Throws when that cannot be reached or makes no sense. */
export function createTurnstile({ siteKey, secretKey, url, nowMs }: TurnstileOptions): Captcha {
  return {
    kind: 'turnstile',
    siteKey,
    widgetOrigin: 'https://challenges.cloudflare.com',
    newChallenge: null,
    async check(answer, clientIp) {
      if (answer.length > answerMax) return undefined;
      const reply = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret: secretKey, response: answer, ...(clientIp !== '' && { remoteip: clientIp }) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (reply.status >= 500) throw new Error(`siteverify answered ${reply.status}`);
      const { success } = Verdict.parse(await reply.json());
      return success ? { challenge: `turnstile:${answer}`, expiresAt: new Date(nowMs() + aliveMs) } : undefined;
    },
  };
}
