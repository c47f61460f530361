import { z } from 'zod';
import { canonicalJson, sha256 } from './hashes.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What is signed of a day (UTC): the hash over where all chains that moved stood at its end, and the day before it in this list. */
export const DayHead = z.strictObject({
  day: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  root: Hash,
  leaves: z.int().min(0),
  previous_root: Hash.nullable(),
});
export type DayHead = z.infer<typeof DayHead>;

/** One chain's place in the list of a day. The salt keeps it from telling whose it is. */
export const leafOf = (place: { salt: string; workspace_id: string; seq: number; hash: string }): string =>
  sha256(`${place.salt}:${place.workspace_id}:${place.seq}:${place.hash}`);

/** The root over a day's leaves: SHA-256 of the sorted hex lines. */
export const rootOf = (leaves: readonly string[]): string => sha256([...leaves].sort().join('\n'));

/** The text whose signature makes a day's head binding. */
export const dayStatement = ({ day, root, leaves, previous_root }: DayHead): string =>
  canonicalJson({ format: 'pingvas-ledger-day/1', day, root, leaves, previous_root });
