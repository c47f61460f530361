import { plans, toMilli } from '@pingvas/domain';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Plan } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/new-id.ts';
import { grantCredits } from '../credits/index.ts';
import { grantFreeNow } from './confirm-mailbox.ts';
import type { AccountsDeps } from './deps.ts';
import { passwordLength } from './password.ts';

export type OperatorDeps = Pick<AccountsDeps, 'db' | 'authDb' | 'passwords' | 'secret' | 'log'> & {
  /** The pool of role `pingvas_admin`. */
  admin: Database;
};

export type CreateUserInput = {
  email: string;
  password: string;
  plan?: Plan | undefined;
  /** Credits of a promotional grant beside the plan's. */
  credits?: number | undefined;
  /** The address counts as verified, without a mail. */
  verified?: boolean | undefined;
  name?: string | undefined;
  locale?: 'ko' | 'en' | undefined;
};

export type CreatedUser = { userId: string; workspaceId: string; email: string };

/**
 * The operator's way to make an account: person, password and personal workspace in one transaction, then plan and credits, each under a reference of its
 * own. Throws `invalid_request` for an address that is none or is taken, and for a password of the wrong length.
 */
export async function createUser(deps: OperatorDeps, input: CreateUserInput): Promise<CreatedUser> {
  const email = z.email().max(320).safeParse(input.email.trim().toLowerCase());
  if (!email.success) throw refuse('/email', 'Not an e-mail address');
  const { min, max } = passwordLength;
  if (input.password.length < min || input.password.length > max)
    throw refuse('/password', `${min} to ${max} characters`);
  const userId = newId();
  await insertUser(deps, userId, email.data, input);
  const [workspace] = await readTenant(deps.db, { userId }, (query) =>
    query
      .selectFrom('workspace')
      .select('workspace_id')
      .where('owner_user_id', '=', userId)
      .where('kind', '=', 'personal'),
  );
  if (!workspace) throw new Error('The trigger on auth."user" made no workspace: are the migrations complete?');
  const { workspace_id: workspaceId } = workspace;
  const { plan = 'free', credits = 0 } = input;
  if (plan !== 'free') await setPlan(deps.admin, workspaceId, plan);
  else if (input.verified) await grantFreeNow(deps, userId);
  if (credits > 0) {
    await grantCredits(deps.admin, {
      workspaceId,
      kind: 'promotional',
      amount: toMilli(credits),
      reference: `operator:${newId()}`,
      reason: 'credits from the operator',
      expiresAt: null,
    });
  }
  return { userId, workspaceId, email: email.data };
}

async function insertUser(
  { authDb, passwords }: OperatorDeps,
  userId: string,
  email: string,
  input: CreateUserInput,
): Promise<void> {
  const password = await passwords.hash(input.password);
  await authDb.kysely.transaction().execute(async (tx) => {
    // Else the chore of the Free credits may run before the plan is set, and give them as well.
    if (input.plan !== undefined && input.plan !== 'free')
      await sql`select set_config('app.plan_follows', 'true', true)`.execute(tx);
    const user = await tx
      .insertInto('auth.user')
      .values({
        id: userId,
        name: input.name ?? email.split('@')[0] ?? email,
        email,
        email_verified: input.verified ?? false,
        locale: input.locale ?? 'en',
      })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!user) throw refuse('/email', 'Has an account already');
    // Better Auth finds a password by an account whose id is the person's.
    await tx
      .insertInto('auth.account')
      .values({
        id: newId(),
        account_id: userId,
        provider_id: 'credential',
        user_id: userId,
        password,
        updated_at: new Date(),
      })
      .execute();
  });
}

/** As if the first month of the plan had been paid; the clock renews it, for there is no invoice. */
async function setPlan(admin: Database, workspaceId: string, plan: Plan): Promise<void> {
  const monthly = plans[plan].creditsPerMonth ?? 0;
  await sql`select public.set_plan(${workspaceId}, ${plan}, ${monthly > 0 ? monthly : null}, ${monthly}, ${`operator:${newId()}`}, now())`.execute(
    admin.kysely,
  );
}

const refuse = (pointer: string, detail: string): AppError =>
  new AppError('invalid_request', { errors: [{ pointer, detail }] });
