/** What a job that runs now counts until its real time is known; as in `pick_generations`. */
const runningMs = 10_000;
const halfLifeMs = 600_000;

type Used = { ms: number; atMs: number; running: number };
const halved = ({ ms, atMs }: Used, nowMs: number): number => Math.round(ms * 0.5 ** ((nowMs - atMs) / halfLifeMs));

/** The workspaces' recent GPU time as the queue keeps it: halved every ten minutes, plus ten seconds for each running job. */
export function createUsage() {
  const known = new Map<string, Used>();
  const of = (workspace: string): Used => known.get(workspace) ?? { ms: 0, atMs: 0, running: 0 };
  return {
    begin: (workspace: string): void => {
      const used = of(workspace);
      known.set(workspace, { ...used, running: used.running + 1 });
    },
    end: (workspace: string, nowMs: number, gpuMs: number): void => {
      const used = of(workspace);
      known.set(workspace, { ms: halved(used, nowMs) + gpuMs, atMs: nowMs, running: used.running - 1 });
    },
    recentMs: (workspace: string, nowMs: number): number => {
      const used = of(workspace);
      return halved(used, nowMs) + runningMs * used.running;
    },
  };
}
