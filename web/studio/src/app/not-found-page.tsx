import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { EmptyState } from '../components/states/empty-state.tsx';
import { buttonClass } from '../components/ui/button.tsx';
import { usePageTitle } from '../lib/use-page-title.ts';

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation();
  usePageTitle(t('common.lost'));
  return (
    <div className="py-12">
      <h1 className="sr-only">{t('common.lost')}</h1>
      <EmptyState title={t('common.lost')} hint={t('common.lostHint')}>
        <Link href="/" className={buttonClass('secondary', 'mt-3')}>
          {t('common.toStart')}
        </Link>
      </EmptyState>
    </div>
  );
}
