import { toCredits } from '@pingvas/domain';
import type { Actor } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import type { CreditsView } from './credits.schemas.ts';
import { getAccount } from './get-account.ts';

/** What the workspace can spend now, what is held, and the grants it comes from in the order in which they will be spent. */
export async function getCredits(deps: { db: Database }, actor: Actor): Promise<CreditsView> {
  const account = await getAccount(deps, actor.workspaceId);
  const unlimited = account.plan === 'enterprise';
  const live = account.grants.filter((grant) => grant.is_live);
  const available = live.reduce((total, grant) => total + grant.remaining - grant.reserved, 0);
  return {
    available: unlimited ? null : toCredits(available),
    held: toCredits(account.held),
    unlimited,
    credits_used_this_month: toCredits(account.used_in_period),
    period: { start: account.period_start.toISOString(), end: account.period_end.toISOString() },
    grants: account.grants.map((grant) => ({
      grant_id: grant.grant_id,
      kind: grant.kind as CreditsView['grants'][number]['kind'],
      granted: toCredits(grant.granted),
      remaining: toCredits(grant.remaining),
      // Inside JSON the database writes instants in its own way.
      expires_at: grant.expires_at === null ? null : new Date(grant.expires_at).toISOString(),
    })),
  };
}
