import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/ui/icon.tsx';
import { PortalButton } from './portal-button.tsx';

/** A payment failed: what stays, and the one thing to do. */
export function PastDue() {
  const { t } = useTranslation();
  return (
    <section role="alert" className="panel flex flex-wrap items-center gap-x-4 gap-y-3 border-warn p-5">
      <span className="text-bad">
        <Icon name="alert" />
      </span>
      <div className="min-w-56 flex-1">
        <h2 className="font-semibold">{t('billing.pastDueTitle')}</h2>
        <p className="text-muted">{t('billing.pastDue')}</p>
      </div>
      <PortalButton look="primary" toCard>
        {t('billing.changeCard')}
      </PortalButton>
    </section>
  );
}
