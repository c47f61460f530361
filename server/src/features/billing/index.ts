export { billingChores, billingSchedule } from './billing.jobs.ts';
export { billingRoutes } from './billing.routes.ts';
export { sendPlanChanges } from './send-plan-change.ts';
export { webhookRoutes } from './webhooks.routes.ts';
export type { PaymentProviders } from './deps.ts';
export { syncVariants } from './sync-variants.ts';
export { settleDue } from './settle-due.ts';
export { reconcile } from './reconcile.ts';
export { replayDeliveries, replayInbox } from './replay-webhooks.ts';
