import { sql } from 'kysely';
import type { z } from 'zod';
import { providerNames, type ProviderName } from '#adapters/payments/port.ts';
import { type Actor, permit } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { Invoice } from './billing.schemas.ts';
import type { BillingDeps } from './deps.ts';
import { asked } from './payment-problems.ts';

type InvoiceKey = { provider: ProviderName; kind: 'invoice' | 'order'; paymentId: string };

const idOf = ({ provider, kind, paymentId }: InvoiceKey): string => `${provider}.${kind}.${paymentId}`;

function keyOf(invoiceId: string): InvoiceKey | undefined {
  const [, name, kind, paymentId] = /^([a-z]+)\.(invoice|order)\.(.+)$/.exec(invoiceId) ?? [];
  const provider = providerNames.find((known) => known === name);
  if (!provider || paymentId === undefined) return undefined;
  return { provider, kind: kind as InvoiceKey['kind'], paymentId };
}

/** A page of what the workspace has paid or was to pay, newest first; an order that only stands beside a subscription's invoice is left out. */
export async function listInvoices(
  { db }: Pick<BillingDeps, 'db'>,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: z.output<typeof Invoice>[]; next_cursor: string | null }> {
  permit(actor, 'manage_billing');
  const after = cursor === undefined ? undefined : keyOf(cursor);
  if (cursor !== undefined && !after)
    throw new AppError('invalid_request', { errors: [{ pointer: '/cursor', detail: 'Not a cursor of this list' }] });
  const { workspaceId } = actor;
  const rows = await readTenant(db, workspaceId, (query) =>
    query
      .selectFrom('billing_payment as p')
      .selectAll('p')
      .select([
        sql<number>`(select coalesce(sum(g.granted), 0)::int8 from public.billing_grant g
          where g.workspace_id = p.workspace_id and g.provider = p.provider and g.kind = p.kind and g.payment_id = p.payment_id)`.as(
          'granted',
        ),
        sql<number>`(select coalesce(sum(g.back_taken), 0)::int8 from public.billing_grant g
          where g.workspace_id = p.workspace_id and g.provider = p.provider and g.kind = p.kind and g.payment_id = p.payment_id)`.as(
          'taken',
        ),
      ])
      .where('p.workspace_id', '=', workspaceId)
      .where(sql<boolean>`(p.kind = 'invoice' or p.item_id like 'pack%')`)
      .where(
        after
          ? sql<boolean>`(p.created_at, p.payment_id) < (select c.created_at, c.payment_id from public.billing_payment c
              where c.workspace_id = ${workspaceId} and c.provider = ${after.provider} and c.kind = ${after.kind} and c.payment_id = ${after.paymentId})`
          : sql<boolean>`true`,
      )
      .orderBy('p.created_at', 'desc')
      .orderBy('p.payment_id', 'desc')
      .limit(limit + 1),
  );
  const shown = rows.slice(0, limit).map((row) => ({
    invoice_id: idOf({
      provider: row.provider as ProviderName,
      kind: row.kind as 'invoice',
      paymentId: row.payment_id,
    }),
    provider: row.provider as ProviderName,
    kind: row.kind === 'order' ? ('pack' as const) : ('subscription' as const),
    reason: row.reason as 'order',
    status: row.status as 'paid',
    item: row.item_id,
    currency: row.currency,
    total_cents: row.total_cents,
    refunded_cents: row.refunded_cents,
    credits: row.granted / 1_000,
    credits_taken_back: row.taken / 1_000,
    created_at: row.created_at.toISOString(),
  }));
  return { data: shown, next_cursor: rows.length > limit ? (shown.at(-1)?.invoice_id ?? null) : null };
}

/** The provider's page or PDF of one payment; short-lived, so asked for on each click. Throws `not_found`, and what providers throw. */
export async function openInvoice(
  { db, payments }: BillingDeps,
  actor: Actor,
  invoiceId: string,
): Promise<{ url: string }> {
  permit(actor, 'manage_billing');
  const key = keyOf(invoiceId);
  const provider = key && payments.get(key.provider);
  const [own] = key
    ? await readTenant(db, actor.workspaceId, (query) =>
        query
          .selectFrom('billing_payment')
          .select('payment_id')
          .where('workspace_id', '=', actor.workspaceId)
          .where('provider', '=', key.provider)
          .where('kind', '=', key.kind)
          .where('payment_id', '=', key.paymentId),
      )
    : [];
  if (!provider || !own) throw new AppError('not_found');
  const url = await asked(provider.document({ kind: key.kind, id: key.paymentId }));
  if (url === null) throw new AppError('not_found');
  return { url };
}
