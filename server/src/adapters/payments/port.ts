/**
 * The payments port: one seller behind which any provider can stand. Vendor words stop here. Everything a provider tells us, by webhook, by
 * fetching one object or by listing many, arrives as the same snapshots of its objects; effects follow from a snapshot's state and never
 * from the name of an event, so that deliveries in any order, twice or not at all (then: reconcile) end in the same ledger.
 *
 * Amounts are integers in the smallest unit of `currency` (cents); currencies are upper-case ISO 4217; times are `Date`s. Ids are the provider's own.
 * A `variantId` is the provider's id of one catalogue item (Lemon Squeezy: variant; Stripe: price; sandbox: the item's own id). The billing
 * feature knows which variant is which item; adapters do not.
 */
export const providerNames = ['sandbox', 'lemonsqueezy', 'stripe'] as const;
export type ProviderName = (typeof providerNames)[number];

export type SubscriptionStatus = 'on_trial' | 'active' | 'paused' | 'past_due' | 'unpaid' | 'cancelled' | 'expired';

/** What all snapshots share. `updatedAt` orders snapshots of one object: the newer one wins. */
type Snapshot = {
  id: string;
  customerId: string;
  /** From the checkout's `custom.workspace_id`; null when the provider does not repeat it here. Unchecked text of at most 64 characters, else null. */
  workspaceId: string | null;
  testMode: boolean;
  createdAt: Date;
  updatedAt: Date;
};

export type ProviderSubscription = Snapshot & {
  variantId: string;
  status: SubscriptionStatus;
  /** Cancelled and running out: access stays until `endsAt`. */
  cancelled: boolean;
  /** Start of the next paid period; null when there is none. */
  renewsAt: Date | null;
  endsAt: Date | null;
  /** `void` stops the service, `free` goes on without payment. */
  pause: { mode: 'void' | 'free'; resumesAt: Date | null } | null;
  card: { brand: string; lastFour: string } | null;
};

export type ProviderInvoice = Snapshot & {
  subscriptionId: string;
  /** `updated` = the difference of an upgrade, invoiced at once. */
  reason: 'initial' | 'renewal' | 'updated' | 'other';
  status: 'pending' | 'paid' | 'failed' | 'void' | 'refunded' | 'partial_refund';
  /** What the invoice pays for, where the provider says so (Stripe); null otherwise (Lemon Squeezy): then the subscription's. */
  variantId: string | null;
  currency: string;
  totalCents: number;
  refundedCents: number;
};

/** A one-off purchase. The order that some providers make beside a new subscription is reported too, with that subscription's variant. */
export type ProviderOrder = Snapshot & {
  variantId: string | null;
  status: 'pending' | 'failed' | 'paid' | 'refunded' | 'partial_refund' | 'fraudulent';
  currency: string;
  totalCents: number;
  refundedCents: number;
};

/** What a payment was for: refunds, disputes and documents name it. */
export type PaymentRef = { kind: 'invoice' | 'order'; id: string };

/** The bank takes money back (or says it may). `lost` ends like a full refund, `won` as if nothing had been. */
export type ProviderDispute = Snapshot & {
  payment: PaymentRef;
  status: 'open' | 'won' | 'lost';
  currency: string;
  amountCents: number;
};

export type ProviderObject =
  | { kind: 'subscription'; subscription: ProviderSubscription }
  | { kind: 'invoice'; invoice: ProviderInvoice }
  | { kind: 'order'; order: ProviderOrder }
  | { kind: 'dispute'; dispute: ProviderDispute };

/** What an event is about, where it does not carry the object as we need it: `lookUp` gets the present state. `type` is the vendor's own word. */
export type ProviderReference = { kind: 'reference'; type: string; id: string };

/** One delivery, translated. */
export type ProviderEvent = {
  /** The vendor's name of it, for people who read logs. */
  name: string;
  /** The same for repeated deliveries of one event as far as the provider lets us tell; money never depends on it. At most 200 characters. */
  deliveryKey: string;
  /** Null when this event does not say. */
  testMode: boolean | null;
  /** Null for events that concern no money, and for those we do not know. */
  object: ProviderObject | ProviderReference | null;
};

export type WebhookRequest = {
  /** Names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came: the signature covers them. */
  body: Buffer;
  nowMs: number;
};

export type CheckoutRequest = {
  variantId: string;
  workspaceId: string;
  email: string;
  name: string | null;
  locale: 'ko' | 'en';
  /** Where the buyer comes back to. */
  returnUrl: string;
  /** The buyer's id at this provider, when they have bought before. */
  customerId: string | null;
};

export type ListRequest = { updatedSince: Date };

export interface PaymentProvider {
  readonly name: ProviderName;
  /** Objects of the other mode are refused. */
  readonly testMode: boolean;
  /** The provider's variant of each item, as far as the settings name them. Goes before what was found by a sync. */
  readonly variants: Readonly<Record<string, string>>;
  /** Whether `charge` exists: a pack bought without the buyer at the screen (auto top-up). */
  readonly canCharge: boolean;

  /** A page at which the buyer pays. The workspace travels as `custom.workspace_id` and comes back in every snapshot that can carry it. */
  checkout(request: CheckoutRequest): Promise<{ url: string }>;
  /** Pre-signed, short-lived: asked for on each click, never stored. */
  portal(request: {
    customerId: string;
    subscriptionId: string | null;
    returnUrl: string;
  }): Promise<{ url: string; paymentMethodUrl: string | null }>;
  /** The page or PDF of one payment, also short-lived; null when there is none. */
  document(payment: PaymentRef): Promise<string | null>;

  /** `invoice_now`: the difference is invoiced at once (upgrade). `none`: no proration, the new price from the next period on (downgrade). */
  change(request: {
    subscriptionId: string;
    variantId: string;
    proration: 'invoice_now' | 'none';
    idempotencyKey: string;
  }): Promise<ProviderSubscription>;
  /** At the end of what is paid. Cancelling what is cancelled changes nothing. */
  cancel(subscriptionId: string): Promise<ProviderSubscription>;
  /** Takes a cancellation back before it takes effect. */
  resume(subscriptionId: string): Promise<ProviderSubscription>;
  /** Gives money back; more than is left of the payment is refused. Returns the payment after it. */
  refund(request: { payment: PaymentRef; amountCents: number; idempotencyKey: string }): Promise<ProviderObject>;
  /** Charges the customer's stored card for a pack. Throws `refused` where `canCharge` is false or the card is. */
  charge(request: {
    customerId: string;
    variantId: string;
    workspaceId: string;
    idempotencyKey: string;
  }): Promise<ProviderOrder>;

  /** The present state of one object, to heal gaps; null when the provider knows no such thing. */
  fetchSubscription(id: string): Promise<ProviderSubscription | null>;
  fetchInvoice(id: string): Promise<ProviderInvoice | null>;
  fetchOrder(id: string): Promise<ProviderOrder | null>;
  /** Everything that changed since, oldest change first where the provider can sort; pages are fetched as they are consumed. May give more than asked. */
  listSubscriptions(request: ListRequest): AsyncIterable<ProviderSubscription>;
  listInvoices(request: ListRequest): AsyncIterable<ProviderInvoice>;
  listOrders(request: ListRequest): AsyncIterable<ProviderOrder>;
  listDisputes(request: ListRequest): AsyncIterable<ProviderDispute>;

  /**
   * Whether the body was signed by this provider with one of our secrets (several while one is being rotated). Compares in constant time and
   * never throws: a missing, short, doubled or malformed signature is `false`.
   */
  verifyWebhook(request: WebhookRequest): boolean;
  /** Reads a body that was verified, at delivery or later from our inbox; no I/O. Unknown fields and events are accepted; throws `unreadable` otherwise. */
  translateWebhook(body: Buffer): ProviderEvent;
  /** The present state of what an event referred to; null when it is gone, nothing of ours, or nothing that was bought yet. */
  lookUp(reference: ProviderReference): Promise<ProviderObject | null>;
}

/** One thing that must be sold there. `interval` null: once. */
export type ShelfItem = { id: string; name: string; priceCents: number; interval: 'month' | 'year' | null };

/** The goods at a provider, for the operator who sets it up. */
export interface ProviderShelf {
  /**
   * The provider's id of each item, which is created where the provider's API can and it is missing. Throws `refused` that names every item that is
   * missing, or sold at another price or for another period.
   */
  syncItems(items: readonly ShelfItem[]): Promise<{ itemId: string; variantId: string }[]>;
}

/**
 * `unavailable`: no answer, 5xx, 429: try again later. `refused`: the provider understood and said no; `message` is for the log. `not_found`: it
 * knows no such object. `unreadable`: its answer or event is not what its documents promise; nothing was granted.
 */
export class PaymentProviderError extends Error {
  readonly kind: 'unavailable' | 'refused' | 'not_found' | 'unreadable';
  constructor(kind: PaymentProviderError['kind'], message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PaymentProviderError';
    this.kind = kind;
  }
}
