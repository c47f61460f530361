import type { HintBus } from '#platform/hints/port.ts';

/** Wakes those who watch jobs. Hints may be lost, so everybody is woken from time to time as well. */
export type JobWatch = {
  /** Calls `wake` when this job may have changed. Returns the function that stops it. */
  job: (jobId: string, wake: () => void) => () => void;
  /** Calls `wake` when a job of this workspace may have changed; without an id: look at all. */
  workspace: (workspaceId: string, wake: (jobId?: string) => void) => () => void;
  close: () => Promise<void>;
};

/** The channel that carries `{"w": workspace, "g": job}` after each change. */
const jobsChannel = 'pingvas_jobs';

export type JobWatchOptions = { bus: HintBus; pollMs: number };

/** One subscription for all streams of the process. It opens with the first stream and stays. */
export function createJobWatch({ bus, pollMs }: JobWatchOptions): JobWatch {
  const byJob = new Map<string, Set<() => void>>();
  const byWorkspace = new Map<string, Set<(jobId?: string) => void>>();
  let listener: ReturnType<HintBus['subscribe']> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const wakeAll = (): void => {
    for (const wakes of byJob.values()) for (const wake of wakes) wake();
    for (const wakes of byWorkspace.values()) for (const wake of wakes) wake();
  };
  const onHint = (payload: string): void => {
    const { w, g } = parseHint(payload);
    for (const wake of byJob.get(g) ?? []) wake();
    for (const wake of byWorkspace.get(w) ?? []) wake(g);
  };
  const open = (): void => {
    listener ??= bus.subscribe({ channels: { [jobsChannel]: onHint }, onConnected: wakeAll });
    timer ??= setInterval(wakeAll, pollMs).unref();
  };
  const subscribe = <Wake>(all: Map<string, Set<Wake>>, id: string, wake: Wake): (() => void) => {
    open();
    const wakes = all.get(id) ?? new Set();
    all.set(id, wakes.add(wake));
    return () => {
      wakes.delete(wake);
      if (wakes.size === 0 && all.get(id) === wakes) all.delete(id);
    };
  };
  return {
    job: (jobId, wake) => subscribe(byJob, jobId, wake),
    workspace: (workspaceId, wake) => subscribe(byWorkspace, workspaceId, wake),
    close: async () => {
      clearInterval(timer);
      await listener?.close();
    },
  };
}

function parseHint(payload: string): { w: string; g: string } {
  try {
    const { w, g } = JSON.parse(payload) as { w?: unknown; g?: unknown };
    return { w: String(w), g: String(g) };
  } catch {
    return { w: '', g: '' };
  }
}
