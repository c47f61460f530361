import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch, useStore } from 'react-redux';
import { api } from '../../api/api.ts';
import type { Job, JobStatus } from '../../api/api.gen.ts';
import { chosenWorkspace } from '../../api/chosen-workspace.ts';
import { showImage } from '../../api/gallery.ts';
import { listed } from '../../api/listed-jobs.ts';
import type { store } from '../../api/store.ts';
import { isEnded, type LiveFacts } from './live-facts.ts';
import { notifyOfEnd } from './notify-of-end.ts';

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
 * Keeps jobs and pictures up to date by the workspace's event stream: one connection whatever the number of jobs, because browsers open only six to a
 * host. Returns what the running ones say, by job, and whether the stream is open.
 */
export function useJobStream(): { live: Record<string, LiveFacts>; connected: boolean } {
  const { t } = useTranslation();
  const dispatch = useDispatch<typeof store.dispatch>();
  const reader = useStore();
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
      dispatch(api.util.updateQueryData('getJob', { jobId }, (job) => void Object.assign(job, facts)));
      return known;
    };
    const changeLive = (jobId: string, change: (facts: LiveFacts) => LiveFacts): void =>
      setLive((all) => ({ ...all, [jobId]: change(all[jobId] ?? nothingYet) }));

    const workspace = chosenWorkspace();
    const connect = (): void => {
      source = new EventSource(workspace === null ? '/api/v1/events' : `/api/v1/events?workspace_id=${workspace}`);
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
        setLive(({ [job.job_id]: _ended, ...others }) => others);
        for (const image of job.images) showImage(dispatch, reader.getState(), image);
        dispatch(api.util.invalidateTags(['Credits']));
        notifyOfEnd(job, t);
      });
      on('resync', () => dispatch(api.util.invalidateTags(['Jobs', 'Credits', 'Images'])));
    };
    connect();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [dispatch, reader, t]);
  return { live, connected };
}
