import { expect } from 'vitest';
import { anEmail, testAccounts, testPassword, tokensOf } from '#test/accounts.ts';
import { test } from '#test/database.ts';
import { createKey } from './create-key.ts';
import { createUser } from './create-user.ts';
import { resolveActor } from './resolve-actor.ts';

test('the operator makes an account that can sign in, with its plan and credits', async ({ db }) => {
  const accounts = await testAccounts(db);
  const deps = { ...accounts.deps, admin: db.admin };
  const email = anEmail();
  const made = await createUser(deps, {
    email: email.toUpperCase(),
    password: testPassword,
    plan: 'pro',
    credits: 12.5,
    verified: true,
  });
  expect(made.email).toBe(email);
  const { access } = await tokensOf(accounts, email);
  const actor = await resolveActor(deps, { headers: { authorization: `Bearer ${access}` }, workspaceId: undefined });
  expect(actor).toMatchObject({ userId: made.userId, workspaceId: made.workspaceId, plan: 'pro', role: 'owner' });
  // No chore that could give Free credits before the plan is set.
  expect(await accounts.runChores(made.userId)).toEqual([]);
  const { rows } = await db.owner.pool.query(
    'select kind, granted from public.credit_grant where workspace_id = $1 order by kind',
    [made.workspaceId],
  );
  expect(rows).toEqual([
    { kind: 'plan', granted: 7_500_000 },
    { kind: 'promotional', granted: 12_500 },
  ]);
  const key = await createKey(deps, { email, name: 'operator' });
  const caller = await resolveActor(deps, { headers: { authorization: `Bearer ${key.key}` }, workspaceId: undefined });
  expect(caller).toMatchObject({ kind: 'key', keyId: key.id, workspaceId: made.workspaceId });
});

test('an account on Free gets the credits of the month only with a verified address', async ({ db }) => {
  const accounts = await testAccounts(db);
  const deps = { ...accounts.deps, admin: db.admin };
  const balance = async (workspaceId: string) =>
    (await db.owner.pool.query('select balance from public.credit_account where workspace_id = $1', [workspaceId]))
      .rows[0].balance;
  const verified = await createUser(deps, { email: anEmail(), password: testPassword, verified: true });
  expect(await balance(verified.workspaceId)).toBe(100_000);
  const open = await createUser(deps, { email: anEmail(), password: testPassword });
  expect(await balance(open.workspaceId)).toBe(0);
  expect(await accounts.runChores(open.userId)).toEqual(['send_verification_mail']);
});

test('an address that is taken or none, or a password too short, makes nothing', async ({ db }) => {
  const accounts = await testAccounts(db);
  const deps = { ...accounts.deps, admin: db.admin };
  const email = anEmail();
  await createUser(deps, { email, password: testPassword });
  await expect(createUser(deps, { email, password: testPassword })).rejects.toMatchObject({
    errors: [{ pointer: '/email' }],
  });
  await expect(createUser(deps, { email: 'nobody', password: testPassword })).rejects.toMatchObject({
    errors: [{ pointer: '/email' }],
  });
  await expect(createUser(deps, { email: anEmail(), password: 'short' })).rejects.toMatchObject({
    errors: [{ pointer: '/password' }],
  });
  await expect(createKey(deps, { email: anEmail(), name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  const { rows } = await db.owner.pool.query('select count(*)::int as n from auth."user" where email = $1', [email]);
  expect(rows[0].n).toBe(1);
});
