import { z } from 'zod';
import { Credits, Id, Instant, pageOf } from '#platform/http/schemas.ts';

export const CreditAccount = z
  .object({
    available: Credits.nullable().describe('What can be spent now, holds already subtracted; null = unlimited.'),
    held: Credits.describe('Reserved by jobs that have not ended.'),
    unlimited: z.boolean(),
    credits_used_this_month: Credits,
    period: z.object({ start: Instant, end: Instant }).describe('The month of this workspace, [start, end).'),
    grants: z
      .array(
        z
          .object({
            grant_id: Id,
            kind: z.enum(['plan', 'promotional', 'purchase', 'contract']),
            granted: Credits,
            remaining: Credits.describe('Held parts are still in it.'),
            expires_at: Instant.nullable().describe('null = never'),
          })
          .meta({ id: 'CreditGrant' }),
      )
      .describe('In the order in which they are spent.'),
  })
  .meta({ id: 'CreditAccount' });

export const CreditEntry = z
  .object({
    entry_id: Id,
    kind: z.enum(['grant', 'capture', 'expiry', 'refund', 'adjustment']),
    credits: Credits.describe('+ in, − out'),
    balance_after: Credits.describe('The balance after this entry; holds do not count.'),
    job_id: Id.optional(),
    order_id: z.string().optional(),
    reason: z.string(),
    created_at: Instant,
    hash: z.string().nullable().describe('Its place in the hash chain; null until it is sealed.'),
  })
  .meta({ id: 'CreditEntry' });

/** One payer of a receipt. */
export const CreditPayer = z
  .object({ grant_id: Id, kind: z.enum(['plan', 'promotional', 'purchase', 'contract']), credits: Credits })
  .meta({ id: 'CreditPayer' });

export const CreditEntries = pageOf(CreditEntry).meta({ id: 'CreditEntries' });

export type CreditsView = z.infer<typeof CreditAccount>;
export type EntryView = z.infer<typeof CreditEntry>;
export type PaidFrom = z.infer<typeof CreditPayer>;
