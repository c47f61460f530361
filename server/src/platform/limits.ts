import { isIPv6 } from 'node:net';
import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

/** How many calls in how many seconds. */
export type LimitRule = { calls: number; windowS: number };

/** The limits of the service, each with a name that the headers show. */
export const limitDefaults = {
  /** Reads and small changes, per key or user (per address when nobody is signed in). */
  read: { calls: 600, windowS: 60 },
  /** Submits, per key or user. */
  submit: { calls: 3_000, windowS: 60 },
  /** Sign-in, sign-up, reset and the like, per address. */
  sign_in: { calls: 10, windowS: 60 },
  /** Sign-ins that failed, per address of mail. */
  failed_sign_ins: { calls: 10, windowS: 900 },
  /** Accepted generations on plan Free, per IPv4 address or IPv6 /64. */
  free_generations: { calls: 10, windowS: 3_600 },
  /** Accepted generations with a JWT, per user. */
  jwt_free: { calls: 10, windowS: 3_600 },
  jwt_paid: { calls: 60, windowS: 3_600 },
} as const satisfies Record<string, LimitRule>;

export type LimitName = keyof typeof limitDefaults;
export type LimitRules = Record<LimitName, LimitRule>;

/** The state of one limit after a call; `resetS` is when the window ends. */
export type LimitState = { name: LimitName; allowed: boolean; rule: LimitRule; remaining: number; resetS: number };

/** Counts calls. In process here; a shared store plays the same part where several API processes run. */
export interface Limiter {
  /** Counts one call of `who`, or refuses it. */
  take(name: LimitName, who: string): Promise<LimitState>;
  /** Gives one call back: what it was for did not happen. */
  giveBack(name: LimitName, who: string): Promise<void>;
}

/** A limiter that counts in this process. `rules` replaces defaults (tests and benches set their own). */
export function createMemoryLimiter(rules: Partial<LimitRules> = {}): Limiter {
  return createLimiter(rules, (options) => new RateLimiterMemory(options));
}

/**
 * A limiter that counts in Redis, one for all API processes. While Redis is away each process counts for itself: limits are then looser,
 * and nobody is turned away for it.
 */
export function createRedisLimiter(redis: Redis, rules: Partial<LimitRules> = {}): Limiter {
  return createLimiter(
    rules,
    (options) =>
      new RateLimiterRedis({
        ...options,
        storeClient: redis,
        keyPrefix: `pingvas:limit:${options.keyPrefix}`,
        insuranceLimiter: new RateLimiterMemory(options),
      }),
  );
}

type CounterOptions = { keyPrefix: string; points: number; duration: number };

function createLimiter(
  rules: Partial<LimitRules>,
  createCounter: (options: CounterOptions) => RateLimiterAbstract,
): Limiter {
  const all: LimitRules = { ...limitDefaults, ...rules };
  const counters = new Map<LimitName, RateLimiterAbstract>();
  const counter = (name: LimitName): RateLimiterAbstract => {
    let found = counters.get(name);
    if (!found) {
      found = createCounter({ keyPrefix: name, points: all[name].calls, duration: all[name].windowS });
      counters.set(name, found);
    }
    return found;
  };
  return {
    take: async (name, who) => {
      const rule = all[name];
      try {
        const state = await counter(name).consume(who);
        return {
          name,
          allowed: true,
          rule,
          remaining: state.remainingPoints,
          resetS: Math.ceil(state.msBeforeNext / 1_000),
        };
      } catch (refused) {
        if (refused instanceof Error) throw refused;
        const { msBeforeNext } = refused as { msBeforeNext: number };
        return { name, allowed: false, rule, remaining: 0, resetS: Math.ceil(msBeforeNext / 1_000) };
      }
    },
    giveBack: async (name, who) => {
      await counter(name).reward(who);
    },
  };
}

/** The part of an address that one household or server holds: an IPv4 address, or the first 64 bits of an IPv6 address (RFC 6177). */
export function addressBlock(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
