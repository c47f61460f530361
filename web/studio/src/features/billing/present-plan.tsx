import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Billing,
  useCancelSubscriptionMutation,
  useListPlansQuery,
  useResumeSubscriptionMutation,
} from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';
import { ConfirmDialog } from '../../components/ui/confirm-dialog.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { formatDay } from '../../format.ts';
import { PendingChange } from './pending-change.tsx';
import { PortalButton } from './portal-button.tsx';
import { usePlanPrice } from './use-plan-price.ts';

/** One name, its price, and one sentence on what comes next. */
export function PresentPlan({ billing }: { billing: Billing }) {
  const { t } = useTranslation();
  const { data: offer } = useListPlansQuery();
  const priceOf = usePlanPrice();
  const { subscription } = billing;
  const plan = offer?.data.find(({ id }) => id === billing.plan);
  return (
    <section className="panel grid gap-4 p-6" aria-labelledby="plan-title">
      <div>
        <h2 id="plan-title" className="text-sm text-muted">
          {t('billing.present')}
        </h2>
        <p className="flex flex-wrap items-baseline gap-x-3 text-3xl font-semibold">
          {plan?.name ?? billing.plan}
          {subscription && (
            <span className="text-base font-normal text-muted tabular-nums">
              {priceOf(subscription.product, subscription.interval)}
            </span>
          )}
        </p>
        <NextStep billing={billing} />
      </div>
      {billing.pending_change && <PendingChange change={billing.pending_change} />}
      {subscription && <Actions cancelled={subscription.cancelled} />}
    </section>
  );
}

function NextStep({ billing: { subscription, contract, pending_change: pending } }: { billing: Billing }) {
  const { t, i18n } = useTranslation();
  const day = (instant: string) => formatDay(instant, i18n.language);
  const next = contract
    ? t('billing.contractEnds', { date: day(contract.ends_at) })
    : !subscription
      ? t('billing.free')
      : subscription.cancelled && subscription.ends_at !== null
        ? t('billing.ends', { date: day(subscription.ends_at) })
        : subscription.status === 'paused'
          ? t('billing.paused')
          : subscription.renews_at !== null && pending?.kind !== 'downgrade'
            ? t('billing.renews', { date: day(subscription.renews_at) })
            : '';
  const card = subscription?.card;
  return (
    <p className="mt-2 text-muted">
      {next} {card && t('billing.card', { brand: card.brand.toUpperCase(), digits: card.last_four })}
    </p>
  );
}

function Actions({ cancelled }: { cancelled: boolean }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  const [cancel, cancelling] = useCancelSubscriptionMutation();
  const [resume, resuming] = useResumeSubscriptionMutation();
  const error = cancelling.error ?? resuming.error;
  const end = async () => {
    const { data } = await cancel({});
    if (data) toast({ text: t('billing.cancelled') });
  };
  const goOn = async () => {
    const { data } = await resume({});
    if (data) toast({ text: t('billing.resumed') });
  };
  return (
    <div className="flex flex-wrap gap-2">
      {cancelled && (
        <Button look="primary" disabled={resuming.isLoading} onClick={() => void goOn()}>
          {t('billing.resume')}
        </Button>
      )}
      <PortalButton>{t('billing.portal')}</PortalButton>
      {!cancelled && (
        <Button look="ghost" disabled={cancelling.isLoading} onClick={() => setAsks(true)}>
          {t('billing.cancel')}
        </Button>
      )}
      {error && <ProblemNote error={error} />}
      <ConfirmDialog
        open={asks}
        onOpenChange={setAsks}
        title={t('billing.cancelTitle')}
        text={t('billing.cancelText')}
        action={t('billing.cancel')}
        onConfirm={() => void end()}
      />
    </div>
  );
}
