import { useEffect, useState } from 'react';
import { useDispatch } from 'react-redux';
import { api } from '../../api/api.ts';
import type { Job, JobStatus } from '../../api/api.gen.ts';
import type { store } from '../../api/store.ts';
import { listed } from './listed.ts';
import { isEnded, type LiveFacts } from './live-facts.ts';

type Events = {
  status: { job_id: string; status: JobStatus };
  progress: { job_id: string } & Omit<LiveFacts, 'previews'>;
  preview: { job_id: string; url: string };
  done: Job;
  resync: unknown;
};

const nothingYet: LiveFacts = { progress: 0, step: 0, steps: 0, previews: [] };
/** The browser connects again by itself, except after a refusal. */
const connectAgainMs = 5_000;

/**
 * Keeps the list of jobs up to date by the workspace's event stream: one connection whatever the number of jobs, because browsers open only six to a
 * host. Returns what the running ones say, by job, and whether the stream is open; while it is not, the list has to be polled.
 */
export function useLiveJobs(): { live: Record<string, LiveFacts>; connected: boolean } {
  const dispatch = useDispatch<typeof store.dispatch>();
  const [live, setLive] = useState<Record<string, LiveFacts>>({});
  const [connected, setConnected] = useState(false);

  useEffect(() => {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const changeJob = (jobId: string, facts: Partial<Job>): boolean => {
      let known = false;
      dispatch(
        api.util.updateQueryData('listJobs', listed, ({ data: jobs }) => {
          const job = jobs.find((candidate) => candidate.job_id === jobId);
          known = job !== undefined;
          if (job) Object.assign(job, facts);
        }),
      );
      return known;
    };
    const changeLive = (jobId: string, change: (facts: LiveFacts) => LiveFacts): void =>
      setLive((all) => ({ ...all, [jobId]: change(all[jobId] ?? nothingYet) }));

    const connect = (): void => {
      source = new EventSource('/api/v1/events');
      const on = <Name extends keyof Events>(name: Name, act: (data: Events[Name]) => void): void =>
        source.addEventListener(name, (event) => act(JSON.parse((event as MessageEvent<string>).data) as Events[Name]));
      source.onopen = () => {
        setConnected(true);
        // What changed before the stream was open is in the list.
        dispatch(api.util.invalidateTags(['Jobs']));
      };
      source.onerror = () => {
        setConnected(false);
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, connectAgainMs);
      };
      on('status', ({ job_id, ...facts }) => {
        // The end is told by `done`, with the images.
        if (!isEnded(facts.status) && !changeJob(job_id, facts)) dispatch(api.util.invalidateTags(['Jobs']));
      });
      on('progress', ({ job_id, progress, step, steps }) =>
        changeLive(job_id, ({ previews }) => ({ progress, step, steps, previews: step === 0 ? [] : previews })),
      );
      on('preview', ({ job_id, url }) =>
        changeLive(job_id, (facts) => ({ ...facts, previews: [...facts.previews, { step: facts.step, url }] })),
      );
      on('done', (job) => {
        changeJob(job.job_id, job);
        dispatch(api.util.invalidateTags(['Credits']));
      });
      on('resync', () => dispatch(api.util.invalidateTags(['Jobs', 'Credits'])));
    };
    connect();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [dispatch]);
  return { live, connected };
}
