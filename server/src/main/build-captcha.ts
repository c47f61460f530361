import { createAltcha } from '#adapters/captcha/altcha.ts';
import { type Captcha, noCaptcha } from '#adapters/captcha/port.ts';
import { createTurnstile } from '#adapters/captcha/turnstile.ts';
import { systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';

/** Who tells people from programs at sign-up: `CAPTCHA`. */
export function buildCaptcha({ captcha, turnstile }: Pick<Config, 'captcha' | 'turnstile'>, secret: string): Captcha {
  const { nowMs } = systemClock;
  if (captcha === 'altcha') return createAltcha({ secret, nowMs });
  if (captcha === 'turnstile') return createTurnstile({ ...turnstile, nowMs });
  return noCaptcha;
}
