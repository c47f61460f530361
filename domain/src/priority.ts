/**
 * Which waiting job a free GPU takes. The same arithmetic runs in SQL (`claim_score`), where the claim is decided; a property test holds both equal.
 * Integers only. Points are milliseconds of GPU time: a job is worth what waiting for it would cost, less what loading its model costs.
 */

/** A waiting job gains one level for every 30 s, so that level 2 equals level 10 after 4 minutes: nobody starves behind those who pay more. */
export const ageingStepMs = 30_000;
/** The highest level there is; ageing stops here. */
export const levelMax = 10;
/**
 * One level is worth 0.3 s, the whole span 2.4 s: between jobs that cost the same the level decides, but it does not pay for a cold model load (about
 * 10 s). Read as a strict order, priority makes every GPU swap models for every job and throws away 40 % of them.
 */
export const levelPoints = 300;
/** Plans from this level on are promised the short deadline. */
export const paidLevelMin = 4;
/** A paid job should have started after 26 s, a free one after 200 s. */
export const deadlinePaidMs = 26_000;
export const deadlineFreeMs = 200_000;
/**
 * Worth of a job at its deadline: two cold loads for a paid one, so that affinity holds it back for a bounded time; a little less than one for a free
 * one. It starts at nothing three quarters of the way to the deadline (before that only level, fairness and affinity speak: the longer a model's jobs may
 * gather, the fewer loads) and stops growing at the deadline: when all are late the shortest way through the queue is to group by model again. Growing without end it turns a crowded queue into first come, first served,
 * which the simulation shows losing a third of the GPUs.
 */
export const urgencyPaidPoints = 20_000;
export const urgencyFreePoints = 8_000;
/** Recent GPU time of a workspace that costs it half of what fairness can take. */
export const fairnessHalfMs = 60_000;
/** Fairness decides between workspaces of the same effective level, so it never outweighs a level. */
export const fairnessPointsMax = levelPoints - 1;
/** More jobs of one model than this share its load no further: counting them stays cheap and a long queue cannot make a swap look free. */
export const queuedOfModelMax = 32;
/**
 * The job a strict order (effective level, then age) would take next is passed over at most this often. Only that one is counted: counting everybody
 * behind it too would again make the queue first come, first served.
 */
export const bypassMax = 20;
/** A load counts this many times when another worker has the model in memory: that one should serve it. */
export const loadedElsewhereFactor = 3;
/** What makes the bound on passing over hard: more than all other terms together. */
export const bypassPoints = 1_000_000_000;

export type ClaimScoreInput = {
  /** The plan's level at submit, 1 to 10. */
  level: number;
  /** How long the job has been ready, milliseconds. */
  waitedMs: number;
  /** What loading its model on this worker would cost, milliseconds: 0 when it is in memory, more when another worker has it. */
  swapMs: number;
  /** How many ready jobs want that model, the job itself included. */
  queuedOfModel: number;
  /** The workspace's GPU time of late (halved every ten minutes), milliseconds. */
  recentGpuMs: number;
  /** How often another was taken although this one was first in the strict order. */
  bypassed: number;
};

/** The level a job counts with after waiting `waitedMs`: one more for each 30 s, at most 10. */
export function effectiveLevel(level: number, waitedMs: number): number {
  return Math.max(level, Math.min(levelMax, level + Math.floor(Math.max(0, waitedMs) / ageingStepMs)));
}

/** Where the points of a job come from; they add up to its score. What counts against it is negative. */
export type ClaimScoreParts = {
  /** Of the plan. */
  level: number;
  /** Levels gained by waiting. */
  waited: number;
  /** Nearness to the deadline of its level. */
  urgency: number;
  /** Its share of loading its model. */
  load: number;
  /** Recent GPU time of its workspace. */
  usage: number;
  /** Passed over too often: it goes first. */
  passedOver: number;
};

/** The score of a job, part by part. */
export function claimScoreParts(input: ClaimScoreInput): ClaimScoreParts {
  const { level, waitedMs, swapMs, queuedOfModel, recentGpuMs, bypassed } = input;
  const paid = level >= paidLevelMin;
  const deadlineMs = paid ? deadlinePaidMs : deadlineFreeMs;
  const pressedMs = Math.min(deadlineMs, Math.max(0, waitedMs * 4 - deadlineMs * 3));
  const gpuMs = Math.max(0, recentGpuMs);
  return {
    level: level * levelPoints,
    waited: (effectiveLevel(level, waitedMs) - level) * levelPoints,
    urgency: Math.floor((pressedMs * (paid ? urgencyPaidPoints : urgencyFreePoints)) / deadlineMs),
    load: 0 - Math.floor(Math.max(0, swapMs) / Math.min(queuedOfModelMax, Math.max(1, queuedOfModel))),
    usage: 0 - Math.floor((fairnessPointsMax * gpuMs) / (gpuMs + fairnessHalfMs)),
    passedOver: bypassed >= bypassMax ? bypassPoints : 0,
  };
}

/** The worth of taking this job now, in points; the highest goes first, equal ones by age. */
export function claimScore(input: ClaimScoreInput): number {
  const { level, waited, urgency, load, usage, passedOver } = claimScoreParts(input);
  return level + waited + urgency + load + usage + passedOver;
}
