import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../../server/test/callers.ts';
import { anInstallation } from '../../server/test/installation.ts';
import { fakeModelId } from '../../server/test/worker-process.ts';
import { aSubmitRequest, inTurn, manyKeys } from './api-site.ts';
import type { HttpRequest } from './http-load.ts';
import { familyOf } from './processes.ts';
import { serverSettings } from './queue-site.ts';

/** A job that has ended, with its picture. */
type Done = { caller: Caller; jobId: string; imageId: string };

export type LoadSite = {
  url: string;
  /** The mix: of ten requests six poll a job, two list jobs, one fetches a picture's bytes, one submits. */
  next: (n: number) => HttpRequest;
  /** Ids of the processes by part. */
  parts: () => Record<string, number[]>;
  /** Connections to the database now. */
  connections: () => Promise<number>;
  close: () => Promise<void>;
};

const [workspaces, jobsEach] = [200, 3];

/** One API process, chores and two workers with the engine `fake`; 200 workspaces that have pictures to look at. */
export async function openLoadSite(): Promise<LoadSite> {
  const installation = await anInstallation({ settings: serverSettings });
  const { db } = installation;
  const api = await installation.startApi();
  const jobs = await installation.startProcess('jobs');
  const workers = [
    await installation.startProcess('worker', { args: ['one', '0'] }),
    await installation.startProcess('worker', { args: ['two', '0'] }),
  ];
  const callers = await manyKeys(db, { workspaces, credits: 1_000_000_000 });
  const done: Done[] = [];
  for (let n = 0; n < workspaces * jobsEach; n++) {
    const caller = inTurn(callers, n);
    const { path: at, headers, body } = aSubmitRequest(caller, fakeModelId);
    const answer = await api.call({ path: at, headers, body: JSON.parse(body ?? '') });
    if (answer.status !== 202) throw new Error(`submit answered ${answer.status} ${JSON.stringify(answer.body)}`);
    done.push({ caller, jobId: (answer.body as { job_id: string }).job_id, imageId: '' });
  }
  for (const each of done) {
    for (;;) {
      const { body } = await api.call({
        method: 'GET',
        path: `/api/v1/jobs/${each.jobId}`,
        headers: each.caller.headers,
      });
      const [image] = (body as { images: { image_id: string }[] }).images;
      if (image) {
        each.imageId = image.image_id;
        break;
      }
      await delay(50);
    }
  }
  const postmaster = Number(
    readFileSync(path.join(installation.folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0],
  );
  const ids = (processes: { child: { pid?: number | undefined } }[]): number[] =>
    processes.flatMap(({ child }) => child.pid ?? []);
  return {
    url: `http://127.0.0.1:${api.port}`,
    next: (n) => {
      const { caller, jobId, imageId } = inTurn(done, n * 7);
      const get = (at: string): HttpRequest => ({ method: 'GET', path: `/api/v1${at}`, headers: caller.headers });
      const kind = n % 10;
      if (kind < 6) return get(`/jobs/${jobId}`);
      if (kind < 8) return get('/jobs');
      if (kind === 8) return get(`/images/${imageId}/content`);
      return aSubmitRequest(caller, fakeModelId);
    },
    parts: () => ({
      api: ids([api]),
      workers: ids(workers),
      chores: ids([jobs]),
      database: familyOf(postmaster),
    }),
    connections: async () => {
      const { rows } = await db.owner.pool.query<{ count: number }>(
        "select count(*)::int as count from pg_stat_activity where backend_type = 'client backend'",
      );
      return rows[0]?.count ?? 0;
    },
    close: () => installation.close(),
  };
}
