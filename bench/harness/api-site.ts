import { randomUUID } from 'node:crypto';
import { aFakeModel } from '../../server/src/adapters/engine/fake.ts';
import { aKeyCaller, aPerson, type Caller } from '../../server/test/callers.ts';
import type { TestDatabase } from '../../server/test/database.ts';
import { aModel } from '../../server/test/factories.ts';
import type { HttpRequest } from './http-load.ts';

/** A model with prices and sizes that requests are checked against. */
export function aPricedModel(db: TestDatabase): Promise<string> {
  const { id: _id, name: _name, base: _base, loadMs, imageMs, ...capabilities } = aFakeModel();
  return aModel(db, { capabilities, loadMs, imageMs });
}

/** Keys of `workspaces` workspaces (plan Studio), `keysEach` for each: a key may submit 3,000 times and read 600 times a minute. */
export async function manyKeys(
  db: TestDatabase,
  { workspaces, keysEach = 1, credits }: { workspaces: number; keysEach?: number; credits: number },
): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (let n = 0; n < workspaces; n++) {
    const of = await aPerson(db, { plan: 'studio', credits });
    for (let k = 0; k < keysEach; k++) callers.push(await aKeyCaller(db, { of }));
  }
  return callers;
}

/** The next submit of a caller, never sent before. */
export function aSubmitRequest({ headers }: Caller, model: string): HttpRequest {
  return {
    method: 'POST',
    path: '/api/v1/generate',
    headers: { ...headers, 'idempotency-key': randomUUID() },
    body: JSON.stringify({ model, prompt: '웃는 고양이', width: 64, height: 64, steps: 2 }),
  };
}

/** One of a list, in turn. */
export function inTurn<T>(list: readonly T[], n: number): T {
  const one = list[n % list.length];
  if (one === undefined) throw new Error('the list is empty');
  return one;
}
