import type { TFunction } from 'i18next';
import type { Plan } from '../../api/api.gen.ts';
import { formatBytes, formatCredits } from '../../format.ts';

/** What a plan gives, line by line; `given` is false for what it lacks. */
export function planFacts(plan: Plan, t: TFunction, language: string): { text: string; given: boolean }[] {
  const number = (amount: number) => formatCredits(amount, language);
  const lines = [
    plan.credits_per_month === null
      ? t('plans.creditsUnlimited')
      : t('plans.credits', { count: number(plan.credits_per_month) }),
    plan.storage_bytes === null
      ? t('plans.storageUnlimited')
      : t('plans.storage', { size: formatBytes(plan.storage_bytes, language) }),
    plan.api_calls_per_month === null
      ? t('plans.apiCallsUnlimited')
      : plan.api_calls_per_month === 0
        ? t('plans.apiCallsNone')
        : t('plans.apiCalls', { count: number(plan.api_calls_per_month) }),
    t('plans.running', { count: number(plan.running_max) }),
    ...(plan.members === 1
      ? []
      : [plan.members === null ? t('plans.membersContract') : t('plans.members', { count: number(plan.members) })]),
  ];
  return lines.map((text) => ({ text, given: text !== t('plans.apiCallsNone') }));
}
