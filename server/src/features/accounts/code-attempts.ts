import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import { deriveKey } from './derive-key.ts';

/** What may happen to a code somebody enters; see `functions/totp_reserve.sql`. */
export type CodeAttempt = 'go' | 'used' | 'locked' | 'none';

/** How long the five wrong codes count that close the second factor, seconds. */
export const codeLockSeconds = 900;

export type CodeAttempts = {
  /** Burns a code (six digits or a recovery code) before it is checked. Only after `go` may it be. */
  reserve: (userId: string, code: string) => Promise<CodeAttempt>;
  /** The code was right, so it counts against nobody. */
  markRight: (userId: string, code: string) => Promise<void>;
  /** The code was not checked after all; it may be tried again. */
  giveBack: (userId: string, code: string) => Promise<void>;
};

type Needs = {
  authDb: Database;
  secret: string;
  /** The twentieth wrong code of a day was entered: somebody who knows the password is guessing. Called once a day. */
  onAttacked: (userId: string) => Promise<void>;
};

/** The memory of codes entered, in the database and so common to all processes. */
export function createCodeAttempts({ authDb, secret, onAttacked }: Needs): CodeAttempts {
  const key = deriveKey(secret, 'second-factor-code');
  const hash = (code: string): Buffer => createHmac('sha256', key).update(code).digest();
  return {
    async reserve(userId, code) {
      const { rows } = await sql<{
        outcome: CodeAttempt | 'locked_first';
      }>`select auth.totp_reserve(${userId}, ${hash(code)}) as outcome`.execute(authDb.kysely);
      const outcome = rows[0]?.outcome ?? 'none';
      if (outcome !== 'locked_first') return outcome;
      await onAttacked(userId);
      return 'locked';
    },
    async markRight(userId, code) {
      await authDb.kysely
        .updateTable('auth.totp_attempt')
        .set({ right_code: true })
        .where('user_id', '=', userId)
        .where('code', '=', hash(code))
        .execute();
    },
    async giveBack(userId, code) {
      await authDb.kysely
        .deleteFrom('auth.totp_attempt')
        .where('user_id', '=', userId)
        .where('code', '=', hash(code))
        .execute();
    },
  };
}
