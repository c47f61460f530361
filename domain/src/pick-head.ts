import { bypassMax, type ClaimScoreInput, claimScore } from './priority.ts';

/** The oldest waiting job of a lane (workspace, model, level), as a claim sees it. */
export type ClaimHead = ClaimScoreInput & { model: string | number };

/**
 * Which of the heads a free worker takes; `heads` by age, the answer is an index, -1 of none. Two steps: the best score says which model and which level
 * is served, and of the heads that share both, the one whose workspace used the GPUs least of late goes first, equal ones by age. So what a job costs and
 * how urgent it is decides between models, never between neighbours: however many jobs a workspace has waiting and however late they are, another of its level
 * waits for none of them that is not running yet. One that was passed over `bypassMax` times stands above both.
 * `pick_generations` does the same in SQL; a trace played through both shows it.
 */
export function pickHead(heads: readonly ClaimHead[]): number {
  let best = -1;
  let bestScore = -Infinity;
  for (const [at, head] of heads.entries()) {
    const score = claimScore(head);
    if (score > bestScore) [best, bestScore] = [at, score];
  }
  const leader = heads[best];
  if (!leader || leader.bypassed >= bypassMax) return best;
  let [fairest, leastMs] = [best, Infinity];
  for (const [at, head] of heads.entries()) {
    if (head.model !== leader.model || head.level !== leader.level) continue;
    if (head.recentGpuMs < leastMs) [fairest, leastMs] = [at, head.recentGpuMs];
  }
  return fairest;
}
