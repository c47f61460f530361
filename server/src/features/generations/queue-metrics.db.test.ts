import { expect } from 'vitest';
import { createMetrics } from '#platform/telemetry.ts';
import { test } from '#test/database.ts';
import { aGeneration, aModel, aSucceededGeneration, aWorkspace } from '#test/factories.ts';
import { addQueueMetrics } from './queue-metrics.ts';

test('the numbers of the queue are sums over all workspaces, and no workspace is named', async ({ db }) => {
  const workspace = await aWorkspace(db, { plan: 'studio' });
  const model = await aModel(db);
  await aSucceededGeneration(db, workspace, model);
  const id = await aGeneration(db, workspace, model, { ceiling: 7_000 });
  const metrics = createMetrics('test');
  addQueueMetrics(metrics, db.app);
  const page = await metrics.registry.metrics();
  const valueOf = (line: RegExp): number => Number(line.exec(page)?.[1]);
  expect(valueOf(/pingvas_queue_jobs\{level="8",process="test"\} (\S+)/)).toBeGreaterThanOrEqual(1);
  expect(valueOf(/pingvas_queue_oldest_seconds\{level="8",process="test"\} (\S+)/)).toBeGreaterThanOrEqual(0);
  expect(valueOf(/pingvas_jobs_last_hour\{status="succeeded",process="test"\} (\S+)/)).toBeGreaterThanOrEqual(1);
  expect(valueOf(/pingvas_credits_held\{process="test"\} (\S+)/)).toBeGreaterThanOrEqual(7);
  expect(valueOf(/pingvas_credits_captured_last_hour\{process="test"\} (\S+)/)).toBeGreaterThanOrEqual(1.234);
  for (const secret of [workspace.workspaceId, workspace.userId, id]) expect(page).not.toContain(secret);
});

test('a database that is away leaves the rest of the page', async ({ db }) => {
  const metrics = createMetrics('test');
  metrics.gauge('pingvas_test', 'fails', [], () => Promise.reject(new Error('away')));
  metrics.watchPool('app', db.app.pool);
  expect(await metrics.registry.metrics()).toContain(
    'pingvas_database_connections{pool="app",state="open",process="test"}',
  );
});
