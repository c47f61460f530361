import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SubNav } from '../../components/ui/sub-nav.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';

/** The heading and the three parts of usage, each with an address. */
export function UsageFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  usePageTitle(t('usage.title'));
  return (
    <div className="mx-auto max-w-4xl">
      <h1 className="text-xl font-semibold">{t('usage.title')}</h1>
      <SubNav
        label={t('usage.title')}
        links={[
          { href: '/usage', name: t('usage.credits') },
          { href: '/usage/transactions', name: t('usage.transactions') },
          { href: '/usage/keys', name: t('usage.keys') },
        ]}
      />
      {children}
    </div>
  );
}
