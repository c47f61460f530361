/** Where the time comes from. Money and leases use the database's clock; this one is for tokens, limits and time-outs of a process. */
export type Clock = { nowMs: () => number };
export const systemClock: Clock = { nowMs: () => Date.now() };
