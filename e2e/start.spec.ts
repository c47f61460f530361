import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { listFamily, listLiving } from './processes.ts';
import { eventually, freePort, type Product, startProduct, startRefused } from './product.ts';

const account = { email: 'keeper@example.com', password: 'a rather long password' };

let folder: string;
let product: Product | undefined;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-start-'));
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ports = async (): Promise<{ PORT: string; INTERNAL_PORT: string }> => ({
  PORT: String(await freePort()),
  INTERNAL_PORT: String(await freePort()),
});

const signsIn = async ({ url }: Product): Promise<boolean> =>
  (await createClient(url).post('/api/v1/auth/token', { grant_type: 'password', ...account })).status === 200;

const noneLeft = (what: string, family: Awaited<ReturnType<typeof listFamily>>): Promise<true> =>
  eventually(what, async () => ((await listLiving(family)).length === 0 ? true : undefined));

/** The database server's own lock file; for a moment of a start there is none. */
function postmasterPid(): number | undefined {
  const file = path.join(folder, 'data/postgres/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

test('a busy port ends the start with the variable to change', async () => {
  const busy = net.createServer();
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  const taken = String((busy.address() as net.AddressInfo).port);
  const data = { DATA_DIR: path.join(folder, 'refused') };
  const [public_, internal] = await Promise.all([
    startRefused({ ...data, ...(await ports()), PORT: taken }),
    startRefused({ DATA_DIR: path.join(folder, 'refused too'), ...(await ports()), INTERNAL_PORT: taken }),
  ]);
  await new Promise((resolve) => busy.close(resolve));
  expect(public_).toEqual({
    code: 1,
    output: expect.stringMatching(new RegExp(`^Port ${taken} is used.*\\bPORT=\\d+ npm start\n$`)),
  });
  expect(internal).toEqual({
    code: 1,
    output: expect.stringMatching(/^Port \d+ is used.*\bINTERNAL_PORT=\d+ npm start\n$/),
  });
});

test('a data folder that is a file ends the start with what to do', async () => {
  const file = path.join(folder, 'a file');
  writeFileSync(file, 'not a folder');
  expect(await startRefused({ DATA_DIR: file, ...(await ports()) })).toEqual({
    code: 1,
    output: expect.stringContaining('set DATA_DIR'),
  });
});

test('a second start on a data folder that is in use says so and disturbs nothing', async () => {
  product = await startProduct({}, path.join(folder, 'data'));
  await product.pingvas('users', 'create', '--email', account.email, '--password', account.password, '--verified');
  expect(await startRefused({ DATA_DIR: product.dataDir, ...(await ports()) })).toEqual({
    code: 1,
    output: expect.stringContaining(`already runs on ${product.dataDir} (process ${product.pid})`),
  });
  expect(await signsIn(product)).toBe(true);
});

test('a database that is killed comes back by itself with its data', async () => {
  const running = product as Product;
  const killed = postmasterPid() as number;
  process.kill(killed, 'SIGKILL');
  await eventually('the product to be healthy on a new database server', async () => {
    const now = postmasterPid();
    if (now === undefined || now === killed) return undefined;
    return (await fetch(`${running.url}/health`)).ok || undefined;
  });
  expect(await signsIn(running)).toBe(true);
});

test('when the start itself is killed, its children end, and the next start takes over', async () => {
  const killed = product as Product;
  const children = (await listFamily(killed.pid)).filter(({ command }) => !command.includes('postgres'));
  expect(children.length).toBeGreaterThan(4);
  await killed.stop('SIGKILL');
  await noneLeft('every child of the killed start to end', children);
  product = await startProduct({}, killed.dataDir);
  expect(await signsIn(product)).toBe(true);
});

test('Ctrl-C leaves no process behind, and the next start finds the data', async () => {
  const stopped = product as Product;
  const family = await listFamily(stopped.pid);
  const database = postmasterPid() as number;
  expect(await stopped.stop()).toBe(0);
  await noneLeft('every process of the product to end', family);
  expect(() => process.kill(database, 0)).toThrow();
  product = await startProduct({}, stopped.dataDir);
  expect(await signsIn(product)).toBe(true);
});
