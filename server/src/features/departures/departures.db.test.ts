import pino from 'pino';
import { expect } from 'vitest';
import { aKeyCaller, aSessionCaller, type Caller, type TestApi, test, testPublicUrl, testSecret } from '#test/app.ts';
import { givePassword, testPassword } from '#test/accounts.ts';
import type { TestDatabase } from '#test/database.ts';
import { aGeneration, aModel, aSucceededGeneration } from '#test/factories.ts';
import { aShop } from '#test/shop.ts';
import { aMemberOf } from '#test/team.ts';
import { createAccounts } from '../accounts/index.ts';
import { departuresChores } from './departures.jobs.ts';
import type { DepartureDeps } from './delete-account.ts';

/** A person who is signed in and can prove it by a password. */
async function somebody(db: TestDatabase): Promise<Caller> {
  const person = await aSessionCaller(db);
  await givePassword(db, person.userId);
  return person;
}

const ask = (api: TestApi, as: Caller, word = testPassword) =>
  api.call({ method: 'POST', url: '/api/v1/me/deletion', as, payload: { password: word } });
const statusOf = async (api: TestApi, as: Caller): Promise<number> =>
  (await api.call({ method: 'GET', url: '/api/v1/me', as })).statusCode;

/** The API remembers callers for moments; then it does not know this one. */
const expectGone = (api: TestApi, as: Caller) => expect.poll(() => statusOf(api, as), { timeout: 30_000 }).toBe(401);

/** Fourteen days later: the chore runs. */
async function whenDue(
  db: TestDatabase,
  userId: string,
  payments: DepartureDeps['payments'] = new Map(),
): Promise<void> {
  await db.owner.pool.query("update auth.account_deletion set due_at = now() - interval '1 s' where user_id = $1", [
    userId,
  ]);
  const log = pino({ level: 'silent' });
  const accounts = createAccounts({
    db: db.app,
    authDb: db.auth,
    publicUrl: testPublicUrl,
    secret: testSecret,
    log,
  });
  await departuresChores({ ...accounts, payments })['delete_due_accounts']?.({});
}

test('an account goes after its grace: words, pictures and keys are erased, amounts and the ledger stay', async ({
  db,
  api,
}) => {
  const person = await somebody(db);
  const model = await aModel(db);
  await aSucceededGeneration(db, person, model, { request: { model, prompt: 'secret words' } });
  const waiting = await aGeneration(db, person, model, { request: { model, prompt: 'secret words' } });
  const key = await aKeyCaller(db, { of: person });
  const asked = await ask(api, person);
  expect(asked.statusCode).toBe(202);
  expect((await ask(api, person)).json()).toEqual(asked.json());
  const me = await api.call({ method: 'GET', url: '/api/v1/me', as: person });
  expect(me.json().user.deletion_due_at).toBe(asked.json().due_at);
  const { rows: mails } = await db.owner.pool.query(
    "select task from outbox where task = 'send_deletion_mail' and payload->>'user_id' = $1",
    [person.userId],
  );
  expect(mails.length).toBe(1);

  await whenDue(db, person.userId);
  expect([await statusOf(api, person), await statusOf(api, key)]).toEqual([401, 401]);
  const { rows } = await db.owner.pool.query(
    `select (select count(*)::int from auth."user" where id = $2) as people,
       (select count(*)::int from image where workspace_id = $1) as images,
       (select count(*)::int from generation where workspace_id = $1 and request <> '{}') as words,
       (select count(*)::int from ledger_text where workspace_id = $1) as texts,
       (select count(*)::int from ledger_entry where workspace_id = $1) > 0 as ledger,
       (select storage_bytes::int from credit_account where workspace_id = $1) as bytes,
       (select status from generation where generation_id = $3) as waiting,
       (select name from workspace where workspace_id = $1) as name,
       (select count(*)::int from outbox where task = 'delete_objects' and payload->>'workspace_id' = $1::text) as objects`,
    [person.workspaceId, person.userId, waiting],
  );
  expect(rows[0]).toEqual({
    people: 0,
    images: 0,
    words: 0,
    texts: 0,
    ledger: true,
    bytes: 0,
    waiting: 'cancelled',
    name: 'deleted',
    objects: 1,
  });
});

test('it takes the password, and until it is due a button takes it back', async ({ db, api }) => {
  const person = await somebody(db);
  expect((await ask(api, person, 'wrong')).json().code).toBe('invalid_credentials');
  const keep = () => api.call({ method: 'DELETE', url: '/api/v1/me/deletion', as: person });
  expect((await keep()).statusCode).toBe(404);
  await ask(api, person);
  expect((await keep()).statusCode).toBe(204);
  await whenDue(db, person.userId);
  expect(await statusOf(api, person)).toBe(200);
});

test('the only owner of a workspace with others in it stays, and who is not the only one leaves it to them', async ({
  db,
  api,
}) => {
  const owner = await somebody(db);
  const person = await somebody(db);
  await db.owner.pool.query("update workspace set kind = 'team' where workspace_id = $1", [owner.workspaceId]);
  await aMemberOf(db, owner.workspaceId, 'member', { of: person });
  const give = (role: string) =>
    db.owner.pool.query('update workspace_member set role = $3 where workspace_id = $1 and user_id = $2', [
      owner.workspaceId,
      person.userId,
      role,
    ]);
  expect((await ask(api, owner)).json().code).toBe('last_owner');

  await give('owner');
  expect((await ask(api, owner)).statusCode).toBe(202);
  // What changes in between counts when it is due.
  await give('viewer');
  await whenDue(db, owner.userId);
  expect(await statusOf(api, owner)).toBe(200);
  await give('owner');
  await whenDue(db, owner.userId);
  await expectGone(api, owner);
  const { rows } = await db.owner.pool.query('select owner_user_id, name from workspace where workspace_id = $1', [
    owner.workspaceId,
  ]);
  expect(rows).toEqual([{ owner_user_id: person.userId, name: 'Test' }]);
});

test('a subscription ends at its provider before anything is erased, and a provider that is gone stops the deletion', async () => {
  const shop = await aShop();
  const { db, owner } = shop;
  const { body } = await shop.bill('POST', '/checkout', { product: 'pro', interval: 'month' });
  await shop.sandbox(`${body.url}/pay`, { card: 'paid' });
  await shop.settle();
  await db.owner.pool.query('insert into auth.account_deletion (user_id, due_at) values ($1, now())', [owner.userId]);
  await whenDue(db, owner.userId);
  expect(await statusOf(shop.api, owner)).toBe(200);
  await whenDue(db, owner.userId, shop.payments);
  await expectGone(shop.api, owner);
  const { rows } = await db.owner.pool.query('select cancelled from billing_subscription where workspace_id = $1', [
    owner.workspaceId,
  ]);
  expect(rows).toEqual([{ cancelled: true }]);
});
