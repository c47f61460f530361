import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../api/api.gen.ts';
import { OfflineBar } from '../../components/states/offline-bar.tsx';
import { PublicHeader } from './public-header.tsx';

// Strangers never need it.
const MemberFrame = lazy(async () => ({ default: (await import('./member-frame.tsx')).MemberFrame }));

/** The frame: for members a rail (desktop) or tabs (phone), for strangers a header. */
export function Shell({ me, children }: { me: Me | undefined; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <a href="#content" className="skip-link">
        {t('shell.skip')}
      </a>
      <OfflineBar />
      {me ? (
        <Suspense>
          <MemberFrame me={me}>{children}</MemberFrame>
        </Suspense>
      ) : (
        <>
          <PublicHeader />
          <main id="content" tabIndex={-1} className="mx-auto max-w-6xl px-4 pb-16 outline-none">
            {children}
          </main>
        </>
      )}
    </>
  );
}
