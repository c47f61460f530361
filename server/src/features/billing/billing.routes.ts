import { z } from 'zod';
import type { ProblemCode } from '#platform/errors.ts';
import { actorOf } from '#platform/http/caller.ts';
import { chooseLanguage } from '#platform/http/language.ts';
import type { HttpApp, Routes } from '#platform/http/route.ts';
import { Id, pageQuery, WorkspaceQuery } from '#platform/http/schemas.ts';
import {
  Billing,
  ChangePreviewView,
  InvoicePage,
  PackChoice,
  PaymentPage,
  Portal,
  ProductChoice,
} from './billing.schemas.ts';
import { changePlan, previewPlanChange, withdrawPlanChange } from './change-plan.ts';
import type { BillingDeps } from './deps.ts';
import { cancelSubscription, resumeSubscription } from './end-subscription.ts';
import { getBilling } from './get-billing.ts';
import { listInvoices, openInvoice } from './list-invoices.ts';
import { openPortal } from './open-portal.ts';
import { buyPack, startCheckout } from './start-checkout.ts';

const base = '/api/v1/billing';
const asking: ProblemCode[] = ['payments_not_offered', 'payment_refused', 'payments_unavailable'];
const route = (...problems: ProblemCode[]) =>
  ({ access: 'session', problems: ['role_not_allowed', ...problems] }) as const;
const looking = { access: 'session', problems: ['role_not_allowed'] } as const satisfies {
  access: 'session';
  problems: ProblemCode[];
};
const InvoiceParams = z.strictObject({ invoice_id: Id });
const ChangeQuery = z.strictObject({
  preview: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true` answers 200 with what it would do, and does nothing.'),
});

/** What a workspace's owner sees and does about money. Pages of the provider are made on each click and never kept. */
export function billingRoutes(deps: BillingDeps & { publicUrl: string }): Routes {
  return (app) => {
    app.get(
      base,
      {
        config: looking,
        schema: {
          operationId: 'getBilling',
          tags: ['billing'],
          summary: 'Plan, subscription and what is about to change',
          querystring: WorkspaceQuery,
          response: { 200: Billing },
        },
      },
      async (request) => getBilling(deps, actorOf(request)),
    );
    addBuyingRoutes(app, deps);
    addSubscriptionRoutes(app, deps);
    addInvoiceRoutes(app, deps);
  };
}

function addBuyingRoutes(app: HttpApp, deps: BillingDeps & { publicUrl: string }): void {
  const buying: ProblemCode[] = ['email_not_verified', ...asking];
  app.post(
    `${base}/checkout`,
    {
      config: route('already_subscribed', ...buying),
      schema: {
        operationId: 'startCheckout',
        tags: ['billing'],
        summary: 'A page at which this workspace subscribes to a plan',
        body: ProductChoice,
        response: { 200: PaymentPage },
      },
    },
    async (request) =>
      startCheckout(deps, actorOf(request), request.body, chooseLanguage(request.headers['accept-language'])),
  );
  app.post(
    `${base}/credit-packs`,
    {
      config: route(...buying),
      schema: {
        operationId: 'buyCreditPack',
        tags: ['billing'],
        summary: 'A page at which this workspace buys credits that never expire',
        body: PackChoice,
        response: { 200: PaymentPage },
      },
    },
    async (request) =>
      buyPack(deps, actorOf(request), request.body, chooseLanguage(request.headers['accept-language'])),
  );
}

function addSubscriptionRoutes(app: HttpApp, deps: BillingDeps & { publicUrl: string }): void {
  app.post(
    `${base}/portal`,
    {
      config: route('no_subscription', ...asking),
      schema: {
        operationId: 'openBillingPortal',
        tags: ['billing'],
        summary: "The provider's page for card, address and documents",
        response: { 200: Portal },
      },
    },
    async (request) => openPortal(deps, actorOf(request)),
  );
  app.post(
    `${base}/change`,
    {
      config: route('no_subscription', 'same_product', 'plan_change_pending', ...asking),
      schema: {
        operationId: 'changePlan',
        tags: ['billing'],
        summary: 'Change the product: up at once, down with the end of what is paid',
        querystring: ChangeQuery,
        body: ProductChoice,
        response: { 200: z.union([ChangePreviewView, Billing]) },
      },
    },
    async (request) =>
      request.query.preview === 'true'
        ? previewPlanChange(deps, actorOf(request), request.body)
        : changePlan(deps, actorOf(request), request.body),
  );
  app.delete(
    `${base}/change`,
    {
      config: route('no_subscription', 'payments_not_offered'),
      schema: {
        operationId: 'withdrawPlanChange',
        tags: ['billing'],
        summary: 'Take a downgrade back that waits',
        response: { 200: Billing },
      },
    },
    async (request) => withdrawPlanChange(deps, actorOf(request)),
  );
  for (const [word, summary, operationId, work] of [
    ['cancel', 'End the subscription with what is paid', 'cancelSubscription', cancelSubscription],
    ['resume', 'Take the cancellation back', 'resumeSubscription', resumeSubscription],
  ] as const)
    app.post(
      `${base}/${word}`,
      {
        config: route('no_subscription', ...asking),
        schema: { operationId, tags: ['billing'], summary, response: { 200: Billing } },
      },
      async (request) => work(deps, actorOf(request)),
    );
}

function addInvoiceRoutes(app: HttpApp, deps: BillingDeps): void {
  app.get(
    `${base}/invoices`,
    {
      config: looking,
      schema: {
        operationId: 'listInvoices',
        tags: ['billing'],
        summary: 'Payments, newest first, and the credits they brought',
        querystring: z.strictObject(pageQuery),
        response: { 200: InvoicePage },
      },
    },
    async (request) => listInvoices(deps, actorOf(request), request.query),
  );
  app.post(
    `${base}/invoices/:invoice_id/document`,
    {
      config: route('not_found', ...asking),
      schema: {
        operationId: 'openInvoice',
        tags: ['billing'],
        summary: "The provider's page or file of a payment",
        params: InvoiceParams,
        response: { 200: PaymentPage },
      },
    },
    async (request) => openInvoice(deps, actorOf(request), request.params.invoice_id),
  );
}
