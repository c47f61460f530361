import type { Database } from '#platform/db/database.ts';
import { callGrantCredits } from './credits.queries.ts';

/** Milli-credits for a workspace; the same `reference` again gives nothing more. */
export type GrantCredits = {
  workspaceId: string;
  kind: 'plan' | 'promotional' | 'purchase';
  amount: number;
  reference: string;
  reason: string;
  /** `null`: they never expire. */
  expiresAt: Date | null;
};

/** The operator gives credits, effective now. `adminDb` is the operator's login. Returns the grant's id. Throws `RangeError` for an amount below 1. */
export async function grantCredits(adminDb: Database, grant: GrantCredits): Promise<string> {
  if (!Number.isSafeInteger(grant.amount) || grant.amount < 1)
    throw new RangeError(`not an amount to grant: ${grant.amount}`);
  return callGrantCredits(adminDb, grant);
}
