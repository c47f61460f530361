import { useTranslation } from 'react-i18next';
import { useSessionQuery } from '../../api/api.ts';
import { useGetBillingQuery } from '../../api/api.gen.ts';
import { EmptyState } from '../../components/states/empty-state.tsx';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { Arrival } from './arrival.tsx';
import { Invoices } from './invoices.tsx';
import { Packs } from './packs.tsx';
import { PastDue } from './past-due.tsx';
import { PlanChoices } from './plan-choices.tsx';
import { PresentPlan } from './present-plan.tsx';

/** While an upgrade is being paid. */
const pollMs = 3_000;

/** What is paid for, what it would cost to change it, and what was paid. */
export function BillingPage() {
  const { t } = useTranslation();
  usePageTitle(t('billing.title'));
  const { data: me } = useSessionQuery();
  return (
    <div className="mx-auto max-w-4xl">
      <h1 className="mb-6 text-xl font-semibold">{t('billing.title')}</h1>
      {me?.workspace.role === 'owner' ? (
        <OwnersBilling />
      ) : (
        <EmptyState title={t('billing.othersTitle')} hint={t('billing.othersHint')} />
      )}
    </div>
  );
}

function OwnersBilling() {
  const { t } = useTranslation();
  const { data: billing, error, refetch } = useGetBillingQuery({}, { refetchOnFocus: true });
  const isPaying = billing?.pending_change?.kind === 'upgrade';
  useGetBillingQuery({}, { pollingInterval: pollMs, skip: !isPaying });
  if (error && !billing) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!billing) return <SkeletonList className="h-40" />;
  return (
    <div className="grid grid-cols-1 gap-6">
      <Arrival />
      {billing.subscription?.status === 'past_due' && <PastDue />}
      <PresentPlan billing={billing} />
      {billing.provider === null ? (
        <p className="panel text-muted">{t('billing.notSold')}</p>
      ) : (
        <>
          {billing.contract === null && <PlanChoices billing={billing} />}
          <Packs />
        </>
      )}
      <Invoices />
    </div>
  );
}
