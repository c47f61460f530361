import type { Plan } from '../../api/api.gen.ts';

/** What somebody would subscribe to. */
export type Choice = { product: 'starter' | 'pro' | 'studio'; interval: 'month' | 'year' };

type PaidPlan = Plan & { id: Choice['product'] };

/** Whether a plan is sold here, not given or by contract. */
export const isPaid = (plan: Plan): plan is PaidPlan =>
  plan.id === 'starter' || plan.id === 'pro' || plan.id === 'studio';

/** What a link's query chooses; undefined when nothing that is sold. */
export function choiceOf(search: string): Choice | undefined {
  const query = new URLSearchParams(search);
  const product = query.get('product');
  if (product !== 'starter' && product !== 'pro' && product !== 'studio') return undefined;
  return { product, interval: query.get('interval') === 'year' ? 'year' : 'month' };
}
