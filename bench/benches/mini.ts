import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { miniEngineFile, type FromEngine, type MiniRequest } from '../../engine-mini/src/index.ts';
import { atMost, type Bench, type Row } from '../harness/bench.ts';
import { medianOf } from '../harness/statistics.ts';

const REQUEST: MiniRequest = {
  mode: 'txt2img',
  prompt: 'a cat',
  negativePrompt: '',
  style: null,
  width: 256,
  steps: 12,
  guidance: 2,
  scheduler: 'euler',
  seed: 1,
  count: 1,
  initImage: null,
  maskImage: null,
  strength: 1,
  outpaint: null,
  upscaleFactor: null,
};
const IDLE_MS = 3000;

/** Several messages may come in one turn, so all are listened to until the one that is waited for. */
function until(engine: ChildProcess, type: FromEngine['type']): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (message: FromEngine): void => {
      if (message.type !== type && message.type !== 'failed') return;
      engine.off('message', hear);
      if (message.type === 'failed') reject(new Error(message.message));
      else resolve();
    };
    engine.on('message', hear);
  });
}

const status = (engine: ChildProcess, field: string): number => {
  const text = readFileSync(`/proc/${String(engine.pid)}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(text)?.[1] ?? Number.NaN) / 1024;
};

/** User and system time in milliseconds; the kernel counts in hundredths of a second. */
function cpuMs(engine: ChildProcess): number {
  const fields =
    readFileSync(`/proc/${String(engine.pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function measure(round: number, pictures: number): Promise<Row> {
  const startedAt = performance.now();
  const engine = fork(miniEngineFile, { serialization: 'advanced' });
  await until(engine, 'ready');
  const readyMs = performance.now() - startedAt;
  let job = 0;
  const draw = async (request: Partial<MiniRequest>): Promise<void> => {
    const done = until(engine, 'done');
    engine.send({ type: 'generate', job: ++job, request: { ...REQUEST, seed: job, ...request } });
    await done;
  };
  const several = async (request: Partial<MiniRequest>): Promise<number> =>
    (await timed(async () => {
      for (let i = 0; i < pictures; i++) await draw(request);
    })) / pictures;
  const firstMs = await timed(() => draw({}));
  const smallMs = await several({});
  const largeMs = await several({ width: 512 });
  const cpuBefore = cpuMs(engine);
  await wait(IDLE_MS);
  const idleCpuMs = cpuMs(engine) - cpuBefore;
  const row = { ready_ms: readyMs, first_ms: firstMs, ms_256: smallMs, ms_512: largeMs, idle_cpu_ms: idleCpuMs };
  const memory = { rss_mib: status(engine, 'VmRSS'), peak_mib: status(engine, 'VmHWM') };
  engine.disconnect();
  await once(engine, 'exit');
  return { round, subject: 'mini', ...row, ...memory };
}

export const bench: Bench = {
  summary:
    'the embedded engine in its process (Linux): start, pictures at default steps, memory, idling; size = pictures of each side (5)',
  run: async ({ rounds, size: pictures = 5, say }) => {
    const rows: Row[] = [];
    for (let round = 1; round <= rounds; round++) {
      rows.push(await measure(round, pictures));
      say(`round ${round}: ${JSON.stringify(rows.at(-1))}`);
    }
    const of = (figure: string): number => medianOf(rows, 'mini', figure);
    const must = [
      atMost('milliseconds until the engine is ready', of('ready_ms'), 2000),
      atMost('milliseconds of a picture of 256 × 256', of('ms_256'), 2000),
      atMost('milliseconds of a picture of 512 × 512', of('ms_512'), 5000),
      atMost('MiB resident at most', of('peak_mib'), 500),
      atMost(`milliseconds of CPU in ${String(IDLE_MS / 1000)} s of idling`, of('idle_cpu_ms'), 10),
    ];
    return { rows, must, notes: ['the first picture also loads the weights; it has no bound of its own'] };
  },
};
