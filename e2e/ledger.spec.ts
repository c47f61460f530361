import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { eventually, type Product, startProduct } from './product.ts';

let product: Product;
const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-ledger-'));
beforeAll(async () => {
  product = await startProduct();
});
afterAll(async () => {
  await product.stop();
  rmSync(folder, { recursive: true, force: true });
});

const save = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

test('a customer exports the ledger, checks it against the published keys, and an altered copy is found out', async () => {
  const email = 'ledger@example.com';
  const password = 'a rather long password';
  await product.pingvas('users', 'create', '--email', email, '--password', password, '--verified', '--plan', 'pro');
  for (const credits of ['5', '7.125'])
    await product.pingvas('credits', 'grant', '--email', email, '--credits', credits, '--reason', 'thank you');
  const { key } = await product.pingvas('keys', 'create', '--email', email, '--name', 'books');
  const client = createClient(product.url, key);

  // Nobody asked for it: the chore seals by itself.
  const history = await eventually('every entry has its hash', async () => {
    const { data } = (await client.get('/api/v1/credits/transactions')).body;
    return data.every(({ hash }: any) => hash !== null) ? data : undefined;
  });

  const text = await (await client.raw('/api/v1/credits/export')).text();
  const keys = save('keys.json', await (await fetch(`${product.url}/.well-known/pingvas-ledger.json`)).text());
  const exported = JSON.parse(text);
  expect(exported.entries.map(({ hash }: any) => hash)).toEqual(history.map(({ hash }: any) => hash).reverse());
  const verdict = await product.pingvas('ledger', 'verify', save('ledger.json', text), '--keys', keys);
  expect(verdict).toMatchObject({ ok: true, entries: history.length, balance_milli: 7_512_125, key_published: true });

  const entry = exported.entries.at(-1);
  entry.amount_milli = 1;
  const altered = save('altered.json', JSON.stringify(exported));
  const refusal = await product.pingvas('ledger', 'verify', altered, '--keys', keys).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 1 });
  expect(JSON.parse(refusal.stdout)).toMatchObject({ ok: false, seq: entry.seq, entry_id: entry.entry_id });
});
