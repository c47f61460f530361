import { describe, expect, onTestFinished } from 'vitest';
import {
  aCatalogueModel,
  aKeyCaller,
  aSessionCaller,
  createTestApi,
  test,
  type TestApi,
  type TestApiOptions,
} from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { listenLocally, openEvents } from '#test/event-reader.ts';
import { aGeneration, aModel, aSucceededGeneration } from '#test/factories.ts';
import { aRunningWorker, untilStatus } from '#test/worker.ts';

/** No test here depends on the safety net unless it says so: polling is far away. */
async function anApi(db: TestDatabase, options: TestApiOptions = {}): Promise<TestApi> {
  const api = await createTestApi(db, { watchPollMs: 600_000, ...options });
  onTestFinished(api.close);
  await listenLocally(api);
  return api;
}

const submit = async (api: TestApi, as: { headers: Record<string, string> }, model: string): Promise<string> =>
  (
    await api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as,
      payload: { model, prompt: '고양이', width: 64, height: 64 },
    })
  ).json().job_id;

describe('watching a job', () => {
  test('tells its state, its progress with previews, and at the end the whole job', async ({ db }) => {
    const api = await anApi(db);
    const worker = await aRunningWorker(db, {
      storage: api.storage,
      stepMs: 5,
      timing: { leaseMs: 15_000, beatMs: 50, progressMs: 10 },
    });
    onTestFinished(worker.stop);
    worker.engine.hold();
    const caller = await aKeyCaller(db);
    const id = await submit(api, caller, worker.modelId);
    const stream = await openEvents(api, caller, `/api/v1/jobs/${id}/events`);
    expect([stream.status, stream.headers.get('content-type'), stream.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    const [first, second] = [await stream.next(), await stream.next()];
    expect([first?.event, second?.event]).toEqual(['status', 'progress']);
    expect(second?.data).toMatchObject({
      job_id: id,
      progress: expect.any(Number),
      step: expect.any(Number),
      steps: expect.any(Number),
    });
    worker.engine.release();
    const events = await stream.until(({ event }) => event === 'done');
    const all = [first!, second!, ...events];
    const progress = all.filter(({ event }) => event === 'progress').map(({ data }) => data.progress as number);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(all.filter(({ event }) => event === 'status').at(-1)?.data.status).toBe('succeeded');
    const done = events.at(-1)!;
    expect(done.data).toEqual((await api.call({ url: `/api/v1/jobs/${id}`, as: caller })).json());
    expect(done.data.images).toHaveLength(1);
    expect(await stream.next()).toBeUndefined();
  });

  test('a job that has ended is told at once: status, progress 1, done', async ({ db }) => {
    const api = await anApi(db);
    const caller = await aSessionCaller(db);
    const { generation_id: id } = await aSucceededGeneration(db, caller, await aModel(db));
    for (const headers of [{}, { 'last-event-id': '1' }]) {
      const stream = await openEvents(api, caller, `/api/v1/jobs/${id}/events`, headers);
      const events = await stream.until(({ event }) => event === 'done');
      expect(events.map(({ event, data }) => [event, data.progress ?? data.status])).toEqual([
        ['status', 'succeeded'],
        ['progress', 1],
        ['done', 1],
      ]);
      // The id is the job's version, the same at every reconnect.
      expect(new Set(events.map((event) => event.id)).size).toBe(1);
      expect(await stream.next()).toBeUndefined();
    }
  });

  test('a cancel is seen by the watcher at once', async ({ db }) => {
    const api = await anApi(db);
    const caller = await aKeyCaller(db);
    const id = await aGeneration(db, caller, await aModel(db));
    const stream = await openEvents(api, caller, `/api/v1/jobs/${id}/events`);
    await stream.until(({ event }) => event === 'progress');
    await api.call({ method: 'POST', url: `/api/v1/jobs/${id}/cancel`, as: caller });
    const events = await stream.until(({ event }) => event === 'done');
    expect(events.at(-1)?.data).toMatchObject({ status: 'cancelled', charged_credits: 0, held_credits: 0 });
  });

  test('a change whose hint was lost is found by polling', async ({ db }) => {
    const api = await anApi(db, { watchPollMs: 20 });
    const caller = await aKeyCaller(db);
    const id = await aGeneration(db, caller, await aModel(db));
    const stream = await openEvents(api, caller, `/api/v1/jobs/${id}/events`);
    await stream.until(({ event }) => event === 'progress');
    await db.owner.pool.query("select set_config('app.tenant_id', $1, true), public.cancel_generation($1::uuid, $2)", [
      caller.workspaceId,
      id,
    ]);
    await stream.until(({ event }) => event === 'done');
  });

  test('ends when its key is revoked, and when the server stops', async ({ db }) => {
    const api = await anApi(db, { streamCheckMs: 20 });
    const caller = await aKeyCaller(db);
    const session = await aSessionCaller(db, { of: caller });
    const id = await aGeneration(db, caller, await aModel(db));
    const byKey = await openEvents(api, caller, `/api/v1/jobs/${id}/events`);
    const byCookie = await openEvents(api, session, `/api/v1/jobs/${id}/events`);
    await byKey.until(({ event }) => event === 'progress');
    await byCookie.until(({ event }) => event === 'progress');
    await db.owner.pool.query('update api_key set revoked_at = now() where key_id = $1', [caller.keyId]);
    expect(await byKey.next()).toBeUndefined();
    const closing = api.app.close();
    expect(await byCookie.next()).toBeUndefined();
    await closing;
  });
});

describe('watching a workspace', () => {
  test('tells every job’s changes, and after a break the present state of what changed meanwhile', async ({ db }) => {
    const api = await anApi(db);
    const worker = await aRunningWorker(db, { storage: api.storage });
    onTestFinished(worker.stop);
    const caller = await aSessionCaller(db);
    const stream = await openEvents(api, caller, '/api/v1/events');
    const first = await submit(api, caller, worker.modelId);
    const seen = await stream.until(({ event, data }) => event === 'done' && data.job_id === first);
    expect(seen.every(({ data }) => data.job_id === first)).toBe(true);
    const lastId = seen.at(-1)!.id!;
    await stream.close();

    const second = await submit(api, caller, worker.modelId);
    await untilStatus(db, second);
    const again = await openEvents(api, caller, '/api/v1/events', { 'last-event-id': lastId });
    const replayed = await again.until(({ event, data }) => event === 'done' && data.job_id === second);
    expect(replayed.filter(({ event, data }) => event === 'status' && data.job_id === second)).toHaveLength(1);
    await again.close();
  });

  test('after more than an hour it says resync and goes on', async ({ db }) => {
    const api = await anApi(db);
    const caller = await aSessionCaller(db);
    const hourAgo = (Date.now() - 3_600_001) * 1_000;
    const stream = await openEvents(api, caller, '/api/v1/events', { 'last-event-id': String(hourAgo) });
    expect((await stream.next())?.event).toBe('resync');
    const id = await submit(api, caller, await aCatalogueModel(db));
    const events = await stream.until(({ event }) => event === 'status');
    expect(events.at(-1)?.data.job_id).toBe(id);
    await stream.close();
  });

  test('another workspace’s stream is not found', async ({ db }) => {
    const api = await anApi(db);
    const [caller, stranger] = [await aSessionCaller(db), await aSessionCaller(db)];
    const stream = await openEvents(api, caller, `/api/v1/events?workspace_id=${stranger.workspaceId}`);
    expect(stream.status).toBe(404);
    await stream.close();
  });
});
