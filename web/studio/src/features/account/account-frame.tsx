import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SubNav } from '../../components/ui/sub-nav.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';

/** The heading and the parts of the account, each with an address. */
export function AccountFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  usePageTitle(t('account.title'));
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="text-xl font-semibold">{t('account.title')}</h1>
      <SubNav
        label={t('account.title')}
        links={[
          { href: '/account', name: t('account.profile') },
          { href: '/account/security', name: t('account.security') },
          { href: '/account/workspaces', name: t('account.workspaces') },
        ]}
      />
      <div className="grid grid-cols-1 gap-6">{children}</div>
    </div>
  );
}
