import { useEffect } from 'react';
import { useDispatch } from 'react-redux';
import { api, useJobQuery } from '../../api/api.ts';
import type { store } from '../../api/store.ts';
import { isEnded, type Job } from '../../api/types.ts';

/**
 * A job that keeps itself up to date until it ends: by its event stream, and by polling while the stream is down.
 * The stream says where things stand when it opens, so a lost connection loses nothing.
 */
export function useLiveJob(listed: Job): Job {
  const dispatch = useDispatch<typeof store.dispatch>();
  const live = !isEnded(listed.status);
  const { data } = useJobQuery(listed.job_id, { skip: !live, pollingInterval: live ? 5_000 : 0 });
  const job = data ?? listed;
  const ended = isEnded(job.status);
  useEffect(() => {
    if (!live || ended) return;
    const change = (facts: Partial<Job>): void => {
      dispatch(api.util.updateQueryData('job', listed.job_id, (draft) => void Object.assign(draft, facts)));
    };
    const source = new EventSource(`/api/v1/jobs/${listed.job_id}/events`);
    const on = (name: string, read: (data: Record<string, unknown>) => void): void => {
      source.addEventListener(name, (event) =>
        read(JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown>),
      );
    };
    on('status', (facts) => change(facts));
    on('progress', (facts) => change(facts));
    on('preview', ({ url }) => change({ preview: String(url) }));
    on('done', (whole) => {
      source.close();
      change(whole);
      dispatch(api.util.invalidateTags(['Credits', 'Jobs']));
    });
    return () => source.close();
  }, [dispatch, listed.job_id, live, ended]);
  return job;
}
