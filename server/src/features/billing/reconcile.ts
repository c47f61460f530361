import type { ListRequest, PaymentProvider, ProviderName, ProviderObject } from '#adapters/payments/port.ts';
import { applyObject, type Outcome } from './apply-object.ts';
import type { BillingDeps } from './deps.ts';

/** Each run looks again at what the one before it saw last: clocks differ, and an object may change while its list is read. */
const overlapMs = 6 * 3_600_000;

/** What a comparison with one provider came to. `failed` objects are looked at again by the next run. */
export type ReconcileReport = {
  provider: ProviderName;
  /** Objects the provider listed. */
  seen: number;
  /** Objects that differed from what we had; each has a row in `billing_drift`. */
  drifted: number;
  /** Objects that grant nothing (not for a workspace or item of ours, the other mode), by why. */
  passedOver: Partial<Record<Outcome, number>>;
  failed: number;
};

/** In this order what an object refers to has been seen before it. */
const kinds = ['subscription', 'invoice', 'order', 'dispute'] as const;

/**
 * Compares what every provider lists as changed since the last run with what we have, through the same effects as its deliveries, so that lost deliveries
 * cost at most the hour between two runs. A kind of object whose list was read to its end is not read again from its start when a later one breaks off.
 * Returns a report for each provider that answered; throws when one did not, after the others were compared.
 */
export async function reconcile(
  deps: BillingDeps,
  onReport: (report: ReconcileReport) => void = () => undefined,
): Promise<void> {
  const errors: unknown[] = [];
  for (const provider of deps.payments.values()) {
    try {
      onReport(await reconcileProvider(deps, provider));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'A payment provider could not be compared to its end.');
}

async function reconcileProvider(deps: BillingDeps, provider: PaymentProvider): Promise<ReconcileReport> {
  const report: ReconcileReport = { provider: provider.name, seen: 0, drifted: 0, passedOver: {}, failed: 0 };
  for (const kind of kinds) {
    const startedAt = new Date(deps.clock.nowMs());
    const failedBefore = report.failed;
    const updatedSince = await findStart(deps, provider.name, kind);
    for await (const object of listObjects(provider, kind, { updatedSince }))
      await take(deps, provider, object, report);
    if (report.failed === failedBefore) await keepCursor(deps, provider.name, kind, startedAt);
  }
  return report;
}

async function take(
  deps: BillingDeps,
  provider: PaymentProvider,
  object: ProviderObject,
  report: ReconcileReport,
): Promise<void> {
  report.seen += 1;
  try {
    const outcome = await applyObject(deps, provider, object, { onDrift: () => (report.drifted += 1) });
    if (outcome !== 'applied') report.passedOver[outcome] = (report.passedOver[outcome] ?? 0) + 1;
  } catch {
    report.failed += 1;
  }
}

async function findStart({ db }: BillingDeps, provider: ProviderName, kind: string): Promise<Date> {
  const row = await db.kysely
    .selectFrom('billing_reconcile')
    .select('through_at')
    .where('provider', '=', provider)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return new Date(row ? row.through_at.getTime() - overlapMs : 0);
}

async function keepCursor({ db }: BillingDeps, provider: ProviderName, kind: string, throughAt: Date): Promise<void> {
  await db.kysely
    .insertInto('billing_reconcile')
    .values({ provider, kind, through_at: throughAt })
    .onConflict((conflict) =>
      conflict
        .columns(['provider', 'kind'])
        .doUpdateSet({ through_at: throughAt })
        .where('billing_reconcile.through_at', '<', throughAt),
    )
    .execute();
}

async function* listObjects(
  provider: PaymentProvider,
  kind: (typeof kinds)[number],
  request: ListRequest,
): AsyncIterable<ProviderObject> {
  switch (kind) {
    case 'subscription':
      for await (const subscription of provider.listSubscriptions(request)) yield { kind, subscription };
      return;
    case 'invoice':
      for await (const invoice of provider.listInvoices(request)) yield { kind, invoice };
      return;
    case 'order':
      for await (const order of provider.listOrders(request)) yield { kind, order };
      return;
    case 'dispute':
      for await (const dispute of provider.listDisputes(request)) yield { kind, dispute };
  }
}
