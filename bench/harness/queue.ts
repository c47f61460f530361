/** A durable job queue as a subject: who puts jobs in, and a worker in a process of its own. */
export type QueueSubject = {
  /** Prepares the store once for all rounds and returns what producers and workers need to reach it. */
  prepare: (site: Site) => Promise<string>;
  produce: (reach: string) => Promise<Producer>;
  work: (reach: string, terms: WorkTerms) => Promise<{ stop: () => Promise<void> }>;
};

/** Where the stores are. */
export type Site = {
  /** Address of an empty PostgreSQL database that the peers share. */
  peersUrl: string;
  /** Address of a Redis that waits for the disk; undefined = not installed here. */
  redisUrl: string | undefined;
  /** Addresses of the product's roles on a schema migrated as in production. */
  productUrl: (role: string) => string;
  /** Workspaces with credits, and the model they ask for. */
  workspaces: { workspaceId: string; userId: string; plan: 'studio' }[];
  model: string;
};

/** `add` resolves when the job is safely stored. `sentMs` travels with it (wall clock). */
export type Producer = { add: (n: number, sentMs: number) => Promise<void>; close: () => Promise<void> };

export type WorkTerms = {
  concurrency: number;
  /** The handler of a job started; `sentMs` as it was added. A handler does nothing else. */
  onStart: (sentMs: number) => void;
  /** A job is done for good, as far as its queue tells. */
  onDone: () => void;
};
