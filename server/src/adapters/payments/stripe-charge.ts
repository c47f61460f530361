import type Stripe from 'stripe';
import { z } from 'zod';
import { parse } from './parse.ts';
import { PaymentProviderError, type PaymentProvider } from './port.ts';
import { answered, answeredOrNull } from './stripe-client.ts';
import type { StripeReader } from './stripe-reader.ts';

/** Charges a customer's card for a pack without them: their default one, else the one they added last. A bank that wants to ask them is a no. */
export function createStripeCharge(stripe: Stripe, reader: StripeReader): PaymentProvider['charge'] {
  const cardOf = async (customerId: string): Promise<string> => {
    const customer = await answeredOrNull(stripe.customers.retrieve(customerId));
    if (!customer || customer.deleted) throw new PaymentProviderError('refused', `customer ${customerId}: unknown`);
    const standard = z.string().safeParse(customer.invoice_settings.default_payment_method);
    if (standard.success) return standard.data;
    const { data } = await answered(stripe.customers.listPaymentMethods(customerId, { type: 'card', limit: 1 }));
    if (!data[0]) throw new PaymentProviderError('refused', `customer ${customerId}: no card`);
    return data[0].id;
  };
  return async ({ customerId, variantId, workspaceId, idempotencyKey }) => {
    const [price, card] = [await answered(stripe.prices.retrieve(variantId)), await cardOf(customerId)];
    const intent = await answered(
      stripe.paymentIntents.create(
        {
          customer: customerId,
          payment_method: card,
          amount: parse(z.int().positive(), price.unit_amount, 'price'),
          currency: price.currency,
          off_session: true,
          confirm: true,
          error_on_requires_action: true,
          metadata: { workspace_id: workspaceId, variant_id: variantId },
        },
        { idempotencyKey },
      ),
    );
    const order = await reader.order(intent.id);
    if (!order) throw new PaymentProviderError('refused', `payment ${intent.id}: ${intent.status}`);
    return order;
  };
}
