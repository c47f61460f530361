import { useTranslation } from 'react-i18next';
import { type PlanChange, useListPlansQuery, useWithdrawPlanChangeMutation } from '../../api/api.gen.ts';
import { Button } from '../../components/ui/button.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { formatDay } from '../../format.ts';

/** A change on its way; one that waits for the period's end can be taken back. */
export function PendingChange({ change }: { change: PlanChange }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const { data: offer } = useListPlansQuery();
  const [withdraw, { isLoading }] = useWithdrawPlanChangeMutation();
  const plan = offer?.data.find(({ id }) => id === change.product)?.name ?? change.product;
  const isLater = change.kind === 'downgrade';
  const keep = async () => {
    const { data } = await withdraw({});
    if (data) toast({ text: t('billing.kept') });
  };
  return (
    <div role="status" className="flex flex-wrap items-center justify-between gap-2 rounded-md bg-hover px-4 py-2">
      <p>
        {isLater
          ? t('billing.pendingDown', { plan, date: formatDay(change.effective_at, i18n.language) })
          : t('billing.pendingUp', { plan })}
      </p>
      {isLater && (
        <Button look="ghost" disabled={isLoading} onClick={() => void keep()}>
          {t('billing.keepPlan')}
        </Button>
      )}
    </div>
  );
}
