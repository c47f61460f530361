import { useTranslation } from 'react-i18next';
import { useMeQuery } from './api/api.ts';
import { Header } from './features/account/header.tsx';
import { Welcome } from './features/auth/welcome.tsx';
import { CreatePage } from './features/create/create-page.tsx';

/** Who is signed in works; everybody else is welcomed. */
export function App() {
  const { t } = useTranslation();
  const { data: me, isLoading, error, refetch } = useMeQuery();
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4">
      <Header me={me ?? undefined} />
      <main className="flex-1 pb-12">
        {isLoading && (
          <p role="status" className="py-12 text-center text-muted">
            {t('loading')}
          </p>
        )}
        {me === null && <Welcome />}
        {error !== undefined && me === undefined && (
          <div role="alert" className="panel">
            <p>{t('offline')}</p>
            <button type="button" className="button mt-3" onClick={() => void refetch()}>
              {t('retry')}
            </button>
          </div>
        )}
        {me && <CreatePage />}
      </main>
    </div>
  );
}
