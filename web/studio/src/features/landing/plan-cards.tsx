import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useListPlansQuery } from '../../api/api.gen.ts';
import type { Plan } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Skeleton } from '../../components/states/skeleton.tsx';
import { buttonClass } from '../../components/ui/button.tsx';
import { Icon } from '../../components/ui/icon.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { formatUsd } from '../../format.ts';
import { planFacts } from './plan-facts.ts';

type Interval = 'monthly' | 'yearly';

/** The plans as the server sells them. `current` is the plan of who is signed in. */
export function PlanCards({ current }: { current: Plan['id'] | undefined }) {
  const { t } = useTranslation();
  const [interval, setInterval] = useState<Interval>('monthly');
  const { data: offer, error, refetch } = useListPlansQuery();
  if (error && !offer) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Segmented
        label={t('plans.interval')}
        value={interval}
        choices={(['monthly', 'yearly'] as const).map((value) => ({ value, name: t(`plans.${value}`) }))}
        onChoose={setInterval}
      />
      <ul className="mt-6 grid gap-4 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-5">
        {offer
          ? offer.data.map((plan) => <PlanCard key={plan.id} plan={plan} interval={interval} current={current} />)
          : Array.from({ length: 5 }, (_, at) => <Skeleton key={at} className="h-96 rounded-lg" />)}
      </ul>
    </>
  );
}

function PlanCard({ plan, interval, current }: { plan: Plan; interval: Interval; current: Plan['id'] | undefined }) {
  const { t, i18n } = useTranslation();
  const isSold = plan.monthly_usd !== null && plan.monthly_usd > 0;
  const billing = `/billing?product=${plan.id}&interval=${interval === 'yearly' ? 'year' : 'month'}`;
  return (
    <li className="panel flex flex-col p-5" aria-label={plan.name}>
      <h3 className="font-semibold">{plan.name}</h3>
      <Price plan={plan} interval={interval} />
      <ul className="mt-4 mb-6 grid gap-2 text-sm">
        {planFacts(plan, t, i18n.language).map(({ text, given }) => (
          <li key={text} className={`flex gap-2 ${given ? '' : 'text-muted'}`}>
            <span className={`pt-0.5 ${given ? 'text-good' : ''}`}>
              <Icon name={given ? 'check' : 'close'} size={16} />
            </span>
            {text}
          </li>
        ))}
      </ul>
      <div className="mt-auto">
        {current === plan.id && <p className="py-2.5 text-center font-medium text-muted">{t('plans.current')}</p>}
        {current === undefined && plan.monthly_usd !== null && (
          <Link
            href={plan.monthly_usd === 0 ? '/sign-up' : `/sign-up?next=${encodeURIComponent(billing)}`}
            className={buttonClass('secondary', 'w-full')}
          >
            {plan.monthly_usd === 0 ? t('landing.start') : t('plans.choose', { plan: plan.name })}
          </Link>
        )}
        {current !== undefined && current !== plan.id && isSold && (
          <Link href={billing} className={buttonClass('secondary', 'w-full')}>
            {t('plans.take', { plan: plan.name })}
          </Link>
        )}
      </div>
    </li>
  );
}

/** One big number; under it a line that is always there, so that the switch moves nothing. */
function Price({ plan, interval }: { plan: Plan; interval: Interval }) {
  const { t, i18n } = useTranslation();
  const { monthly_usd: monthly, yearly_usd: yearly } = plan;
  const usd = (amount: number) => formatUsd(amount, i18n.language);
  const byYear = interval === 'yearly' && yearly !== null;
  const note =
    monthly === null
      ? t('plans.contractText')
      : monthly === 0
        ? t('plans.freeText')
        : byYear
          ? t('plans.saved', { usd: usd(monthly * 12 - yearly) })
          : '';
  return (
    <>
      <p className="mt-2 text-2xl font-semibold tabular-nums">
        {monthly === null ? t('plans.contract') : usd(byYear ? yearly : monthly)}
        {monthly !== null && (
          <span className="text-sm font-normal text-muted">{t(byYear ? 'plans.perYear' : 'plans.perMonth')}</span>
        )}
      </p>
      <p className="text-sm text-muted sm:min-h-6 xl:min-h-11">{note}</p>
    </>
  );
}
