import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChangePreview, useChangePlanMutation, useListPlansQuery } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { formatCredits, formatDay, formatMoney } from '../../format.ts';
import { useCheckout } from '../../lib/checkout/use-checkout.ts';
import type { Choice } from './choice.ts';
import { usePlanPrice } from './use-plan-price.ts';

type Props = { choice: Choice; isChange: boolean; onClose: () => void };

/** What the choice costs and brings, before anything is done: a first subscription is paid at the provider, a change is previewed. */
export function PlanDialog({ choice, isChange, onClose }: Props) {
  const { t } = useTranslation();
  const { data: offer } = useListPlansQuery();
  const plan = offer?.data.find(({ id }) => id === choice.product);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('billing.dialogTitle', { plan: plan?.name ?? choice.product })}
    >
      {isChange ? (
        <Change choice={choice} onClose={onClose} />
      ) : (
        <FirstTime choice={choice} credits={plan?.credits_per_month ?? 0} />
      )}
    </Dialog>
  );
}

function FirstTime({ choice, credits }: { choice: Choice; credits: number }) {
  const { t, i18n } = useTranslation();
  const price = usePlanPrice()(choice.product, choice.interval);
  const { subscribe, busy, error } = useCheckout();
  return (
    <>
      <p>{t('billing.price', { price, credits: formatCredits(credits, i18n.language) })}</p>
      {error && <ProblemNote error={error} />}
      <Button look="primary" disabled={busy} onClick={() => void subscribe(choice)}>
        {t('billing.toPayment')}
      </Button>
    </>
  );
}

function Change({ choice, onClose }: { choice: Choice; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [ask, asked] = useChangePlanMutation();
  const [change, { isLoading, error }] = useChangePlanMutation();
  const { product, interval } = choice;
  useEffect(() => {
    void ask({ preview: 'true', productChoice: { product, interval } });
  }, [ask, product, interval]);
  const preview = asked.data && 'due_now_cents' in asked.data ? asked.data : undefined;
  const accept = async () => {
    const { data } = await change({ productChoice: choice });
    if (!data) return;
    onClose();
    toast({ text: t(preview?.kind === 'upgrade' ? 'billing.changing' : 'billing.changed') });
  };
  if (asked.error) return <ProblemNote error={asked.error} />;
  if (!preview)
    return (
      <>
        <p className="sr-only">{t('billing.previewing')}</p>
        <SkeletonList lines={2} className="h-10" />
      </>
    );
  return (
    <>
      <Preview preview={preview} />
      {error && <ProblemNote error={error} />}
      <Button look="primary" disabled={isLoading} onClick={() => void accept()}>
        {t('billing.changeNow')}
      </Button>
    </>
  );
}

function Preview({ preview }: { preview: ChangePreview }) {
  const { t, i18n } = useTranslation();
  const perMonth = formatCredits(preview.credits_per_month, i18n.language);
  const isUp = preview.kind === 'upgrade';
  return (
    <div>
      <p className="text-2xl font-semibold tabular-nums">
        {isUp
          ? t('billing.upNow', { price: formatMoney(preview.due_now_cents, preview.currency, i18n.language) })
          : t('billing.downLater', { date: formatDay(preview.effective_at, i18n.language) })}
      </p>
      <p className="mt-1 text-muted">
        {isUp
          ? t('billing.upCredits', { credits: formatCredits(preview.credits_now, i18n.language), perMonth })
          : t('billing.downCredits', { perMonth })}
      </p>
    </div>
  );
}
