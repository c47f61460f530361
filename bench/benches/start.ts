import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../server/test/free-port.ts';
import { atMost, type Bench, type Row } from '../harness/bench.ts';
import { medianOf } from '../harness/statistics.ts';

const root = path.join(import.meta.dirname, '../..');

export const bench: Bench = {
  summary:
    'npm start on an installed clone with empty data: until /health answers, and until the first picture is there',
  run: async ({ rounds, say }) => {
    const rows: Row[] = [];
    // The first start builds what an installed clone keeps (the web app) and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const { healthS, imageS } = await startOnce();
      if (round > 0) rows.push({ round, subject: 'npm start', health_s: healthS, first_image_s: imageS });
      say(`round ${round}: /health after ${healthS.toFixed(1)} s, a picture after ${imageS.toFixed(1)} s`);
    }
    return {
      rows,
      must: [
        atMost('seconds to the first answer of /health', medianOf(rows, 'npm start', 'health_s'), 10),
        atMost('seconds to the first picture', medianOf(rows, 'npm start', 'first_image_s'), 30),
      ],
      notes: [
        'The engine is mini, on the processor; the picture is the one that the start renders for the demo account.',
      ],
    };
  },
};

async function startOnce(): Promise<{ healthS: number; imageS: number }> {
  const data = mkdtempSync(path.join(os.tmpdir(), 'pingvas-start-'));
  const [port, internal] = [await freePort(), await freePort()];
  const startMs = performance.now();
  const since = (): number => (performance.now() - startMs) / 1_000;
  const child = spawn('npm', ['start'], {
    cwd: root,
    stdio: 'ignore',
    detached: true,
    env: {
      ...process.env,
      DATA_DIR: data,
      PORT: String(port),
      INTERNAL_PORT: String(internal),
      PUBLIC_URL: `http://localhost:${port}`,
    },
  });
  const gone = once(child, 'exit');
  const call = async (at: string, init?: RequestInit): Promise<Response | undefined> => {
    try {
      return await fetch(`http://localhost:${port}${at}`, init);
    } catch {
      return undefined;
    }
  };
  try {
    while ((await call('/health'))?.status !== 200) await pause(child.exitCode, 25);
    const healthS = since();
    const headers = await signIn(call, child);
    for (;;) {
      const answer = await call('/api/v1/jobs?status=succeeded&limit=1', { headers });
      if (answer?.ok && ((await answer.json()) as { data: unknown[] }).data.length > 0) break;
      await pause(child.exitCode, 100);
    }
    return { healthS, imageS: since() };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await gone;
    rmSync(data, { recursive: true, force: true });
  }
}

async function signIn(
  call: (at: string, init?: RequestInit) => Promise<Response | undefined>,
  child: { exitCode: number | null },
): Promise<Record<string, string>> {
  const body = JSON.stringify({ grant_type: 'password', email: 'demo@pingvas.local', password: 'pingvas-demo' });
  for (;;) {
    const answer = await call('/api/v1/auth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (answer?.ok)
      return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
    // The account is made after the start; sign-ins are limited to ten a minute.
    await pause(child.exitCode, 1_000);
  }
}

async function pause(exitCode: number | null, ms: number): Promise<void> {
  if (exitCode !== null) throw new Error(`npm start ended with ${exitCode}`);
  await delay(ms);
}
