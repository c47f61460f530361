export type { GenerationsDeps } from './generations.deps.ts';
export { generationsRoutes } from './generations.routes.ts';
export { drainWorker, requeueDeadLetter } from './generations.queries.ts';
export { createJobHints, type JobHints } from './job-hints.ts';
export { createJobWatch, type JobWatch } from './job-watch.ts';
export { createQueueOrder, type QueueOrder } from './queue-order.ts';
export { createQuoteSigner } from './quote-token.ts';
export { startWorker, type WorkerDeps } from './start-worker.ts';
export { sweepJobs } from './sweep-jobs.ts';
