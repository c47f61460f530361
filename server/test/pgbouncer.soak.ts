import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { aKeyCaller } from '#test/callers.ts';
import { freePort } from '#test/free-port.ts';
import { anInstallation, byPort } from '#test/installation.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { tellFigure } from '#test/soak.ts';
import { fakeModelId } from '#test/worker-process.ts';

const isInstalled = (): boolean => {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** pgbouncer in transaction mode in front of a socket; returns its port. */
async function startPgBouncer(socket: string): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const roles = ['pingvas_app', 'pingvas_worker', 'pingvas_admin', 'pingvas_auth'];
  writeFileSync(path.join(folder, 'users.txt'), roles.map((role) => `"${role}" ""\n`).join(''));
  writeFileSync(
    path.join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${path.dirname(socket)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${path.join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 8
ignore_startup_parameters = extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,options
`,
  );
  const args = [path.join(folder, 'pgbouncer.ini')];
  const child: ChildProcess = spawn('pgbouncer', process.getuid?.() === 0 ? ['-u', 'postgres', ...args] : args, {
    stdio: 'ignore',
  });
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true });
  });
  for (;;) {
    const reached = await new Promise<boolean>((resolve) => {
      const socketToIt = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socketToIt.unref();
    });
    if (reached) return port;
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`);
    await delay(50);
  }
}

test('through pgbouncer in transaction mode, where no notification arrives, jobs are taken and delivered', async (context) => {
  if (!isInstalled()) return context.skip('pgbouncer is not installed here');
  const installation = await anInstallation();
  onTestFinished(installation.close);
  const { db } = installation;
  const reach = byPort(await startPgBouncer(installation.socket));
  const api = await installation.startApi(reach);
  const chores = await installation.startProcess('jobs', { reach });
  await installation.startProcess('worker', { args: ['one', '1'], reach });
  const caller = await aKeyCaller(db, { plan: 'enterprise', credits: 0 });
  const statuses: Record<string, number> = {};
  for (let n = 0; n < 40; n += 1) {
    const { status } = await api.call({
      path: '/api/v1/generate',
      headers: caller.headers,
      body: { model: fakeModelId, prompt: 'x', steps: 1, width: 64, height: 64 },
    });
    statuses[status] = (statuses[status] ?? 0) + 1;
    await delay(150);
  }
  expect(statuses).toEqual({ 202: 40 });
  expect(chores.child.exitCode).toBeNull();
  const open = async (): Promise<number> =>
    (
      await db.owner.pool.query<{ n: number }>(
        "select count(*)::int as n from public.generation where status <> 'succeeded'",
      )
    ).rows[0]!.n;
  while ((await open()) > 0) await delay(100);
  expect(await brokenQueueRules(db, [caller.workspaceId])).toEqual([]);
  const { rows } = await db.owner.pool.query<{ p50: number; most: number }>(
    `select percentile_cont(0.5) within group (order by ms)::int as p50, max(ms)::int as most
     from (select extract(epoch from started_at - created_at) * 1000 as ms from public.generation) waits`,
  );
  tellFigure(
    context,
    'T20',
    `40 jobs by polling alone: all delivered; from submit to start p50 ${rows[0]!.p50} ms, longest ${rows[0]!.most} ms`,
  );
});
