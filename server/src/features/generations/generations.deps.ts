import type { Storage } from '#adapters/storage/index.ts';
import type { Catalogue } from '#features/models/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import type { Limiter } from '#platform/limits.ts';
import type { JobHints } from './job-hints.ts';
import type { JobWatch } from './job-watch.ts';
import type { ReadQueueFront } from './queue-front.ts';
import type { QueueOrder } from './queue-order.ts';
import type { QuoteSigner } from './quote-token.ts';

/** What the public side of jobs stands on. */
export type GenerationsDeps = {
  /** Role `pingvas_app`. */
  db: Database;
  catalogue: Catalogue;
  /** Engines this installation runs; a model of any other can never be served. */
  engines: readonly string[];
  storage: Storage;
  hints: JobHints;
  watch: JobWatch;
  queueOrder: QueueOrder;
  queueFront: ReadQueueFront;
  quotes: QuoteSigner;
  limiter: Limiter;
  publicUrl: string;
  clock: Clock;
  /** How often an open stream says that it is alive and looks at the caller's rights again. */
  streamCheckMs: number;
};
