import { packs } from '@pingvas/domain';
import { z } from 'zod';
import { providerNames } from '#adapters/payments/port.ts';
import { Credits, Id, Instant, pageOf } from '#platform/http/schemas.ts';

const PaidPlan = z.enum(['starter', 'pro', 'studio']);
const Interval = z.enum(['month', 'year']);

/** What somebody wants to subscribe to. `monthly` and `yearly` are taken too. */
export const ProductChoice = z
  .strictObject({
    product: PaidPlan,
    interval: z
      .enum(['month', 'year', 'monthly', 'yearly'])
      .transform((word) => (word.startsWith('month') ? ('month' as const) : ('year' as const))),
  })
  .meta({ id: 'ProductChoice' });
export type ProductChoice = z.output<typeof ProductChoice>;

export const PackChoice = z
  .strictObject({ pack: z.enum(packs.map(({ id }) => id) as ['pack_1000', 'pack_5000', 'pack_20000']) })
  .meta({ id: 'PackChoice' });

export const PaymentPage = z.object({ url: z.url().describe('Open it in the browser.') }).meta({ id: 'PaymentPage' });

export const Portal = z
  .object({
    url: z.url(),
    payment_method_url: z.url().nullable().describe('Straight to the card, where there is such a page'),
  })
  .meta({ id: 'BillingPortal' });

const Change = z
  .object({ product: PaidPlan, interval: Interval, kind: z.enum(['upgrade', 'downgrade']), effective_at: Instant })
  .meta({ id: 'PlanChange' });

export const Billing = z
  .object({
    plan: z.enum(['free', 'starter', 'pro', 'studio', 'enterprise']),
    provider: z.enum(providerNames).nullable().describe('Who sells here now; null = nobody'),
    subscription: z
      .object({
        provider: z.enum(providerNames),
        product: PaidPlan,
        interval: Interval,
        status: z.enum(['on_trial', 'active', 'paused', 'past_due', 'unpaid', 'cancelled', 'expired']),
        cancelled: z.boolean().describe('Runs out at `ends_at`; until then it can be resumed.'),
        started_at: Instant,
        renews_at: Instant.nullable(),
        ends_at: Instant.nullable(),
        pause: z.object({ mode: z.enum(['void', 'free']), resumes_at: Instant.nullable() }).nullable(),
        card: z.object({ brand: z.string(), last_four: z.string() }).nullable(),
      })
      .meta({ id: 'Subscription' })
      .nullable(),
    pending_change: Change.nullable(),
    contract: z.object({ ends_at: Instant }).nullable().describe('Enterprise, by contract'),
  })
  .meta({ id: 'Billing' });
export type Billing = z.output<typeof Billing>;

export const ChangePreviewView = z
  .object({
    kind: z.enum(['upgrade', 'downgrade']),
    product: PaidPlan,
    interval: Interval,
    effective_at: Instant,
    due_now_cents: z.int().describe('Charged at once, before taxes; the provider counts the last cent.'),
    currency: z.string(),
    credits_now: Credits.describe('Arrive when the difference is paid.'),
    credits_per_month: Credits,
  })
  .meta({ id: 'ChangePreview' });

export const Invoice = z
  .object({
    invoice_id: Id,
    provider: z.enum(providerNames),
    kind: z.enum(['subscription', 'pack']),
    reason: z.enum(['initial', 'renewal', 'updated', 'other', 'order']),
    status: z.enum(['pending', 'paid', 'failed', 'void', 'refunded', 'partial_refund', 'fraudulent']),
    item: z.string().nullable().describe('What it was for, where the provider says so: a product or a pack'),
    currency: z.string(),
    total_cents: z.int(),
    refunded_cents: z.int(),
    credits: Credits.describe('Granted for it so far'),
    credits_taken_back: Credits.describe('Of these, taken back after a refund'),
    created_at: Instant,
  })
  .meta({ id: 'Invoice' });
export const InvoicePage = pageOf(Invoice).meta({ id: 'InvoicePage' });
