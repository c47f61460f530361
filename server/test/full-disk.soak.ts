import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { aKeyCaller } from '#test/callers.ts';
import { anInstallation } from '#test/installation.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { tellFigure } from '#test/soak.ts';
import { fakeModelId } from '#test/worker-process.ts';

/** A file system of its own in memory, so that it can be filled. Needs root; undefined where that is not given. */
function aSmallDisk(mib: number): string | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=755`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Fills what is left of a file system; the returned function frees it again. */
function fill(folder: string): () => void {
  const file = path.join(folder, 'ballast');
  for (let blocks = 64; blocks >= 1;) {
    try {
      writeFileSync(file, Buffer.alloc(blocks * 4_096), { flag: 'a' });
    } catch {
      blocks = Math.floor(blocks / 2);
    }
    if (statfsSync(folder).bavail === 0) break;
  }
  return () => rmSync(file);
}

for (const { what, mib } of [
  { what: 'objects', mib: 16 },
  { what: 'the database', mib: 256 },
] as const)
  test(`a full disk under ${what}: no answer is a 500, nothing is lost, and all goes on by itself when there is room`, async (context) => {
    const disk = aSmallDisk(mib);
    if (disk === undefined) return context.skip('a file system can be mounted by root only');
    const objects = what === 'objects' ? { objects: path.join(disk, 'objects') } : { cluster: path.join(disk, 'pg') };
    const installation = await anInstallation({ ...objects, settings: ['max_wal_size=64MB', 'min_wal_size=32MB'] });
    onTestFinished(installation.close);
    const { db } = installation;
    const api = await installation.startApi();
    await installation.startProcess('jobs');
    await installation.startProcess('worker', { args: ['one', '1'] });
    const caller = await aKeyCaller(db, { plan: 'enterprise', credits: 0 });
    const statuses: Record<string, number> = {};
    const promised: string[] = [];
    const submit = async (): Promise<void> => {
      const body = { model: fakeModelId, prompt: 'x'.repeat(3_000), steps: 1, width: 256, height: 256 };
      const { status, body: answer } = await api.call({ path: '/api/v1/generate', headers: caller.headers, body });
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 202) promised.push((answer as { job_id: string }).job_id);
    };
    for (let n = 0; n < 20; n += 1) await submit();
    const free = fill(disk);
    for (let n = 0; n < 200; n += 1) {
      await submit();
      await delay(10);
    }
    free();
    const freedAt = performance.now();
    // A server that could not write its log has stopped; whoever keeps it starts it again.
    if (what === 'the database') {
      await installation.killDatabase();
      await installation.startDatabase();
    }
    const before = promised.length;
    while (promised.length === before) {
      await submit();
      await delay(20);
    }
    const recoveryMs = Math.round(performance.now() - freedAt);
    const open = async (): Promise<number> =>
      (
        await db.owner.pool.query<{ n: number }>(
          "select count(*)::int as n from public.generation where status in ('backlogged', 'queued', 'running')",
        )
      ).rows[0]!.n;
    while ((await open()) > 0) await delay(100);

    expect(Object.keys(statuses).filter((status) => !['202', '503', '507'].includes(status))).toEqual([]);
    const { rows } = await db.owner.pool.query<{ n: number; succeeded: number }>(
      "select count(*)::int as n, count(*) filter (where status = 'succeeded')::int as succeeded from public.generation where generation_id = any($1)",
      [promised],
    );
    expect(rows[0]!.n).toBe(promised.length);
    expect(await brokenQueueRules(db, [caller.workspaceId])).toEqual([]);
    tellFigure(
      context,
      'T23',
      `answers ${JSON.stringify(statuses)}; ${promised.length} jobs promised, none lost, ${rows[0]!.succeeded} succeeded; accepted again ${recoveryMs} ms after there was room`,
    );
  });
