import { setTimeout as delay } from 'node:timers/promises';
import { createFakeEngine } from '../../server/src/adapters/engine/fake.ts';
import { aKeyCaller } from '../../server/test/callers.ts';
import { aGenerateSpec } from '../../server/test/generate-spec.ts';
import { anInstallation } from '../../server/test/installation.ts';
import { fakeModelId } from '../../server/test/worker-process.ts';
import { atMost, type Bench, type Row } from '../harness/bench.ts';
import { serverSettings } from '../harness/queue-site.ts';
import { medianOf } from '../harness/statistics.ts';

const [stepMs, steps, side] = [250, 20, 512];
const spec = aGenerateSpec({ attemptId: 'bench', model: fakeModelId, width: side, height: side, steps });
const request = { prompt: '웃는 고양이', width: side, height: side, steps, seed: 1 };

export const bench: Bench = {
  summary: `a job of a ${(stepMs * steps) / 1_000} s picture from the caller's submit to the answer that it succeeded, minus the same picture by the engine called directly; size = jobs a round (5)`,
  run: async ({ rounds, size: jobs = 5, say }) => {
    const installation = await anInstallation({ settings: serverSettings });
    try {
      const api = await installation.startApi();
      await installation.startProcess('jobs');
      await installation.startProcess('worker', { args: ['bench', String(stepMs)] });
      const { headers } = await aKeyCaller(installation.db, { plan: 'studio', credits: 1_000_000_000 });
      const engine = createFakeEngine({ stepMs });
      const direct = async (): Promise<void> => {
        await engine.generate(spec, { signal: new AbortController().signal, onProgress: () => undefined });
      };
      const whole = async (): Promise<void> => {
        const { status, body } = await api.call({ path: '/api/v1/generate', headers, body: request });
        if (status !== 202) throw new Error(`submit answered ${status} ${JSON.stringify(body)}`);
        const path = `/api/v1/jobs/${(body as { job_id: string }).job_id}`;
        await delay(stepMs * steps);
        for (;;) {
          const { body: job } = await api.call({ method: 'GET', path, headers });
          const { status: state } = job as { status: string };
          if (state === 'succeeded') return;
          if (state !== 'running' && state !== 'queued') throw new Error(`the job ended ${state}`);
          await delay(5);
        }
      };
      const subjects = { 'engine alone': direct, 'the whole job': whole };
      const rows: Row[] = [];
      // The first round loads the model and is not counted.
      for (let round = 0; round <= rounds; round++)
        for (let n = 0; n < (round === 0 ? 1 : jobs); n++)
          for (const [subject, run] of Object.entries(subjects)) {
            const startMs = performance.now();
            await run();
            if (round > 0) rows.push({ round, subject, ms: performance.now() - startMs });
          }
      const [alone, job] = Object.keys(subjects).map((subject) => medianOf(rows, subject, 'ms'));
      const overheadMs = (job ?? NaN) - (alone ?? NaN);
      say(`overhead ${overheadMs.toFixed(0)} ms`);
      return {
        rows,
        must: [
          atMost('milliseconds that a job takes longer than its engine', overheadMs, 150),
          atMost(`percent of a ${(stepMs * steps) / 1_000} s picture`, (overheadMs / (stepMs * steps)) * 100, 3),
        ],
        notes: [
          `The engine draws ${side} × ${side} pixels and waits ${stepMs} ms a step, here and in the worker. The caller asks every 5 ms.`,
        ],
      };
    } finally {
      await installation.close();
    }
  },
};
