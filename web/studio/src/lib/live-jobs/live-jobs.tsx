import { createContext, type ReactNode, use } from 'react';
import type { LiveFacts } from './live-facts.ts';
import { useJobStream } from './use-job-stream.ts';
import { useProgressSigns } from './use-progress-signs.ts';

type LiveJobs = { live: Record<string, LiveFacts>; connected: boolean };

const LiveJobsContext = createContext<LiveJobs>({ live: {}, connected: false });

/** What running jobs say, by job, and whether the stream is open; while it is not, lists have to be polled. */
export const useLiveJobs = (): LiveJobs => use(LiveJobsContext);

/** Hears the workspace's jobs for every screen below it, and shows their progress in the tab. */
export function LiveJobsProvider({ children }: { children: ReactNode }) {
  const jobs = useJobStream();
  useProgressSigns(jobs.live);
  return <LiveJobsContext value={jobs}>{children}</LiveJobsContext>;
}
