import type { PaymentProvider, ProviderName } from '#adapters/payments/port.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';

/** The providers that are configured, by name; several at once while subscriptions move from one to another. */
export type PaymentProviders = ReadonlyMap<ProviderName, PaymentProvider>;

/** What the use-cases of billing stand on. `db` is role `pingvas_app`. */
export type BillingDeps = { db: Database; payments: PaymentProviders; clock: Clock };
