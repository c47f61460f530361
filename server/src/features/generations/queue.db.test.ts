import { expect } from 'vitest';
import { claimGeneration, settleGeneration } from './generations.queries.ts';
import { test } from '#test/database.ts';
import { aClaim, aGeneration, aModel, aSettle, aWorker, aWorkspace } from '#test/factories.ts';

test('smoke', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const id = await aGeneration(db, workspace, model);
  const worker = await aWorker(db, [model]);
  const claim = await aClaim(db, worker, [model]);
  expect(claim.generation_id).toBe(id);
  expect(await settleGeneration(db.worker, aSettle(claim, worker))).toEqual({
    outcome: 'settled',
    status: 'succeeded',
    charged: 1234,
  });
  expect(
    await claimGeneration(db.worker, { worker_id: worker, models: [model], loaded_model: null, lease_s: 15 }),
  ).toBeUndefined();
});
