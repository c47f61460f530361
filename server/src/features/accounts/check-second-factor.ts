import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { z } from 'zod';
import { AppError } from '#platform/errors.ts';
import { codeLockSeconds } from './code-attempts.ts';
import type { AccountsDeps } from './deps.ts';
import { isTotpNow } from './totp.ts';

type Needs = Pick<AccountsDeps, 'authDb' | 'auth' | 'clock' | 'codeAttempts'>;

const RecoveryCodes = z.array(z.string());

/**
 * Checks the second factor of a person whose password was right: six digits of the app, or a recovery code, which is then spent. Each works once, across
 * every way to sign in. Throws `totp_required` for a code that is missing, wrong or used, `rate_limited` after too many wrong ones.
 */
export async function checkSecondFactor(deps: Needs, userId: string, code: string | undefined): Promise<void> {
  if (code === undefined) throw new AppError('totp_required');
  const attempt = await deps.codeAttempts.reserve(userId, code);
  if (attempt === 'locked') {
    throw new AppError('rate_limited', {
      facts: { retry_after: codeLockSeconds },
      headers: { 'retry-after': String(codeLockSeconds) },
    });
  }
  if (attempt !== 'go') throw new AppError('totp_required');
  const right = /^\d{6}$/.test(code)
    ? await isAppCode(deps, userId, code)
    : await spendRecoveryCode(deps, userId, code);
  if (!right) throw new AppError('totp_required');
  await deps.codeAttempts.markRight(userId, code);
}

async function isAppCode({ authDb, auth, clock }: Needs, userId: string, code: string): Promise<boolean> {
  const row = await authDb.kysely
    .selectFrom('auth.two_factor')
    .select('secret')
    .where('user_id', '=', userId)
    .where('verified', '=', true)
    .executeTakeFirst();
  if (!row) return false;
  const { secretConfig } = await auth.$context;
  return isTotpNow(await symmetricDecrypt({ key: secretConfig, data: row.secret }), code, clock.nowMs());
}

/** Takes the code out of the person's list, under the lock of the row: two different codes spent at once are both gone. */
async function spendRecoveryCode({ authDb, auth }: Needs, userId: string, code: string): Promise<boolean> {
  const { secretConfig: key } = await auth.$context;
  return authDb.kysely.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('auth.two_factor')
      .select('backup_codes')
      .where('user_id', '=', userId)
      .where('verified', '=', true)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return false;
    const codes = RecoveryCodes.parse(JSON.parse(await symmetricDecrypt({ key, data: row.backup_codes })));
    if (!codes.includes(code)) return false;
    const left = await symmetricEncrypt({ key, data: JSON.stringify(codes.filter((other) => other !== code)) });
    await tx.updateTable('auth.two_factor').set({ backup_codes: left }).where('user_id', '=', userId).execute();
    return true;
  });
}
