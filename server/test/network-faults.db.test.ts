import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, onTestFinished } from 'vitest';
import { createTestApi, aCatalogueModel, aKeyCaller } from '#test/app.ts';
import { createDatabase } from '#platform/db/database.ts';
import { listen } from '#platform/db/listen.ts';
import { openPool } from '#platform/db/pool.ts';
import { cloneDatabase, test, type TestDatabase } from '#test/database.ts';
import { type FaultProxy, startFaultProxy } from '#test/fault-proxy.ts';

/** The test's database by way of a network that can fail: its API's pool gives up a silent statement after `queryTimeoutMs`. */
async function aFarDatabase(
  db: TestDatabase,
  queryTimeoutMs: number,
): Promise<{ far: TestDatabase; proxy: FaultProxy }> {
  const proxy = await startFaultProxy({ path: `${inject('socketDir')}/.s.PGSQL.5432` });
  const url = (role: string): string => {
    const { pathname } = new URL(db.url(role));
    return `postgres://${role}@127.0.0.1:${proxy.port}${pathname}`;
  };
  const open = (role: string) =>
    createDatabase(
      openPool({ connectionString: url(role), max: 4, name: role, log: { warn: () => undefined }, queryTimeoutMs }),
    );
  const far = { ...db, app: open('pingvas_app'), auth: open('pingvas_auth'), url };
  onTestFinished(async () => {
    await proxy.close();
    await Promise.all([far.app.pool.end(), far.auth.pool.end()]);
  });
  return { far, proxy };
}

for (const fault of ['silence', 'half open', 'cut', 'reset'] as const)
  test(`a database behind a network that ends by ${fault}: callers read 503 in time, and are served when it is back`, async ({
    db,
  }) => {
    const { far, proxy } = await aFarDatabase(db, 2_000);
    const api = await createTestApi(far);
    onTestFinished(api.close);
    const model = await aCatalogueModel(db);
    const caller = await aKeyCaller(db, { plan: 'enterprise' });
    const submit = (key: string) =>
      api.call({
        method: 'POST',
        url: '/api/v1/generate',
        as: caller,
        headers: { 'idempotency-key': key },
        payload: { model, prompt: 'x' },
      });
    const keys = Array.from({ length: 12 }, (_, n) => `k${n}`);
    const answers = await Promise.all(keys.map(submit));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(keys.map(() => 202));

    const during = keys.map((key) => submit(`${key}-during`));
    if (fault === 'silence') proxy.set({ kind: 'silence' });
    else if (fault === 'half open') proxy.halfOpen();
    else if (fault === 'cut') proxy.cut();
    else proxy.reset();
    for (const { statusCode, headers } of await Promise.all(during)) {
      expect([202, 503]).toContain(statusCode);
      if (statusCode === 503) expect(headers['retry-after']).toBeDefined();
    }
    proxy.set({ kind: 'none' });
    // What was lost in between is sent again by its senders; all of it is answered once the stale connections have been found out.
    for (const key of keys.map((name) => `${name}-during`))
      while ((await submit(key)).statusCode !== 202) await delay(10);
    const { rows } = await db.owner.pool.query<{ jobs: number; holds: number }>(
      'select (select count(*)::int from public.generation where workspace_id = $1) as jobs, (select count(*)::int from public.credit_hold where workspace_id = $1) as holds',
      [caller.workspaceId],
    );
    expect(rows[0]).toEqual({ jobs: 24, holds: 24 });
  });

test(
  'a listener whose network goes silent notices by itself, and looks at the tables when it is back',
  { timeout: 60_000 },
  async () => {
    const db = await cloneDatabase();
    onTestFinished(db.close);
    const { far, proxy } = await aFarDatabase(db, 1_000);
    let connected = 0;
    const heard: string[] = [];
    const listener = listen({
      connectionString: far.url('pingvas_app'),
      channels: { faults: (payload) => heard.push(payload) },
      onConnected: () => (connected += 1),
      log: { warn: () => undefined },
    });
    onTestFinished(listener.close);
    const tell = (text: string) => db.owner.pool.query("select pg_notify('faults', $1)", [text]);
    while (connected < 1) await delay(10);
    await tell('before');
    while (heard.length < 1) await delay(10);
    proxy.halfOpen();
    await tell('lost');
    while (connected < 2) await delay(10);
    await tell('after');
    while (!heard.includes('after')) await delay(10);
    expect(heard).toEqual(['before', 'after']);
  },
);

test('a database whose socket is gone for a moment, as while it starts again, is a 503', async ({ db }) => {
  const nowhere = (role: string): string => {
    const url = new URL(db.url(role));
    url.searchParams.set('host', '/tmp/pingvas-no-such-socket');
    return url.href;
  };
  const open = (role: string) =>
    createDatabase(openPool({ connectionString: nowhere(role), max: 1, name: role, log: { warn: () => undefined } }));
  const away = { ...db, app: open('pingvas_app') };
  onTestFinished(() => away.app.pool.end());
  const api = await createTestApi(away);
  onTestFinished(api.close);
  const caller = await aKeyCaller(db);
  const { statusCode, headers } = await api.call({ url: '/api/v1/jobs', as: caller });
  expect(statusCode).toBe(503);
  expect(headers['retry-after']).toBeDefined();
});
