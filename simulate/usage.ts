/** What a job that runs now counts until its real time is known; as in `pick_generations`. */
const runningMs = 10_000;
const halfLifeMs = 600_000;

/** The workspaces' recent GPU time as the queue keeps it: halved every ten minutes, plus ten seconds for each running job. */
export function createUsage() {
  const known = new Map<string, { ms: number; atMs: number; running: number }>();
  const at = (workspace: string, nowMs: number) => {
    const used = known.get(workspace) ?? { ms: 0, atMs: nowMs, running: 0 };
    const now = { ...used, ms: used.ms * 0.5 ** ((nowMs - used.atMs) / halfLifeMs), atMs: nowMs };
    known.set(workspace, now);
    return now;
  };
  return {
    begin: (workspace: string, nowMs: number): void => {
      at(workspace, nowMs).running += 1;
    },
    end: (workspace: string, nowMs: number, gpuMs: number): void => {
      const now = at(workspace, nowMs);
      now.running -= 1;
      now.ms += gpuMs;
    },
    recentMs: (workspace: string, nowMs: number): number => {
      const used = known.get(workspace);
      if (!used) return 0;
      return Math.round(used.ms * 0.5 ** ((nowMs - used.atMs) / halfLifeMs)) + runningMs * used.running;
    },
  };
}
