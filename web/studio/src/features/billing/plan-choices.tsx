import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import { type Billing, type Plan, useListPlansQuery } from '../../api/api.gen.ts';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { formatCredits } from '../../format.ts';
import { type Choice, choiceOf, isPaid } from './choice.ts';
import { PlanDialog } from './plan-dialog.tsx';
import { usePlanPrice } from './use-plan-price.ts';

/** The plans that are sold. A link such as `/billing?product=pro&interval=year` opens one of them. */
export function PlanChoices({ billing }: { billing: Billing }) {
  const { t } = useTranslation();
  const { data: offer } = useListPlansQuery();
  const { subscription } = billing;
  const linked = choiceOf(useSearch());
  const [, navigate] = useLocation();
  const [interval, setInterval] = useState(linked?.interval ?? subscription?.interval ?? 'month');
  const choose = (choice: Choice) =>
    navigate(`/billing?product=${choice.product}&interval=${choice.interval}`, { replace: true });
  const isSame = ({ product, interval: of }: Choice) =>
    product === subscription?.product && of === subscription.interval;
  return (
    <section className="panel p-6" aria-labelledby="choices-title">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="choices-title" className="font-semibold">
          {t(subscription ? 'billing.choose' : 'billing.chooseFirst')}
        </h2>
        <Segmented
          label={t('plans.interval')}
          value={interval}
          choices={(['month', 'year'] as const).map((value) => ({ value, name: t(`plans.${value}ly`) }))}
          onChoose={setInterval}
        />
      </div>
      {!offer && <SkeletonList />}
      <ul className="mt-2 divide-y divide-line">
        {offer?.data.filter(isPaid).map((plan) => (
          <PlanRow
            key={plan.id}
            plan={plan}
            interval={interval}
            isPresent={isSame({ product: plan.id, interval })}
            onTake={() => choose({ product: plan.id, interval })}
          />
        ))}
      </ul>
      <Link href="/plans" className="link mt-2 inline-flex min-h-11 items-center">
        {t('billing.compare')}
      </Link>
      {linked && !isSame(linked) && (
        <PlanDialog
          key={`${linked.product} ${linked.interval}`}
          choice={linked}
          isChange={subscription !== null}
          onClose={() => navigate('/billing', { replace: true })}
        />
      )}
    </section>
  );
}

type RowProps = { plan: Plan; interval: Choice['interval']; isPresent: boolean; onTake: () => void };

function PlanRow({ plan, interval, isPresent, onTake }: RowProps) {
  const { t, i18n } = useTranslation();
  const priceOf = usePlanPrice();
  return (
    <li className="flex flex-wrap items-center gap-x-4 py-3" aria-label={plan.name}>
      <span className="w-20 font-semibold">{plan.name}</span>
      <span className="w-24 tabular-nums">{priceOf(plan.id, interval)}</span>
      <span className="order-last w-full text-sm text-muted sm:order-none sm:w-auto sm:flex-1">
        {plan.credits_per_month !== null &&
          t('plans.credits', { count: formatCredits(plan.credits_per_month, i18n.language) })}
      </span>
      {isPresent ? (
        <span className="ml-auto inline-flex min-h-11 items-center text-sm text-muted">{t('billing.present')}</span>
      ) : (
        <Button className="ml-auto" aria-label={t('billing.takePlan', { plan: plan.name })} onClick={onTake}>
          {t('billing.take')}
        </Button>
      )}
    </li>
  );
}
