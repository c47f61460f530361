import { toCredits } from '@pingvas/domain';
import type { z } from 'zod';
import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import type { GenerateInput } from './generate-body.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import type { QuoteView } from './generations.schemas.ts';
import { selectAvailable } from './jobs.queries.ts';
import { prepareRequest } from './prepare-request.ts';
import { quoteValidMs } from './quote-token.ts';

/** The binding price of a request, and whether the workspace can pay it now. Changes nothing. */
export async function createQuote(
  deps: Pick<GenerationsDeps, 'db' | 'catalogue' | 'engines' | 'quotes' | 'clock'>,
  actor: Actor,
  body: GenerateInput,
): Promise<z.infer<typeof QuoteView>> {
  const { shape, price } = await prepareRequest(deps, actor, body);
  const expiresAtMs = deps.clock.nowMs() + quoteValidMs;
  const unlimited = actor.plan === 'enterprise';
  const [account] = await readTenant(deps.db, actor.workspaceId, (query) => selectAvailable(query, actor.workspaceId));
  const available = account?.available ?? 0;
  return {
    quote_id: deps.quotes.sign({ workspaceId: actor.workspaceId, shape, price, expiresAtMs }),
    expected_credits: toCredits(price.expected),
    ceiling_credits: toCredits(price.ceiling),
    breakdown: price.breakdown.map((line) => ({ item: line.item, credits: toCredits(line.milli) })),
    available_credits: unlimited ? null : toCredits(available),
    affordable: unlimited || available >= price.ceiling,
    expires_at: new Date(expiresAtMs).toISOString(),
  };
}
