import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { AppError } from '#platform/errors.ts';

/** Slow hashes of passwords (scrypt, about 200 ms and 32 MB each), a few at a time. */
export type Passwords = {
  hash: (password: string) => Promise<string>;
  verify: (input: { hash: string; password: string }) => Promise<boolean>;
  /** Costs what `verify` costs and is always false: for an address nobody has. */
  verifyNothing: (password: string) => Promise<false>;
};

/** Characters of a password. */
export const passwordLength = { min: 8, max: 128 };

// Hashes share the four threads of libuv's pool with file reads; more at once would only be slower, and each holds 32 MB.
const usual = { atOnceMax: 4, waitingMax: 100 };

/**
 * Limits hashing to four at a time for the whole process; the next hundred wait their turn.
 * Throws `rate_limited` beyond: a crowd at the door must not take the memory of those inside.
 */
export function createPasswords({ atOnceMax, waitingMax } = usual): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax)
        throw new AppError('rate_limited', { facts: { retry_after: 5 }, headers: { 'retry-after': '5' } });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      // The place is handed on, so a newcomer cannot slip in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }
  return {
    hash: (password) => inTurn(() => hashPassword(password)),
    verify: (input) => inTurn(() => verifyPassword(input)),
    verifyNothing: async (password) => {
      await inTurn(() => hashPassword(password));
      return false;
    },
  };
}
