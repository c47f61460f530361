import { apiCallMilli, gpuSecondMilli, packs, planOrder, plans, toCredits } from '@pingvas/domain';
import type { PlansView } from './models.schemas.ts';

const usd = (cents: number | null): number | null => (cents === null ? null : cents / 100);

/** The offer, from the same table that charges are computed from. */
export function listPlans(): PlansView {
  return {
    data: planOrder.map((id) => {
      const plan = plans[id];
      return {
        id,
        name: plan.name,
        monthly_usd: usd(plan.monthlyUsdCents),
        yearly_usd: usd(plan.yearlyUsdCents),
        credits_per_month: plan.creditsPerMonth === null ? null : toCredits(plan.creditsPerMonth),
        storage_bytes: plan.storageBytes,
        api_calls_per_month: plan.apiCallsPerMonth,
        priority: plan.priority,
        running_max: plan.runningMax,
        waiting_max: plan.waitingMax,
        members: plan.members,
      };
    }),
    packs: packs.map((pack) => ({ id: pack.id, credits: toCredits(pack.credits), usd: pack.priceUsdCents / 100 })),
    rules: {
      credits_per_gpu_second: toCredits(gpuSecondMilli),
      credits_per_api_call: toCredits(apiCallMilli),
      never_charged: ['queue_wait', 'model_load', 'upload', 'failed_attempts', 'timed_out_attempts', 'reads'],
      notes: [
        'A running job that its own user cancels pays what was computed so far.',
        'Monthly credits reset on the renewal day and do not roll over; bought credits never expire; the month’s credits are spent first.',
        'Enterprise is metered and shown, never blocked by credits.',
      ],
    },
  };
}
