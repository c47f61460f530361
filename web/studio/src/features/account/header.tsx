import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { api, useCreditsQuery } from '../../api/api.ts';
import type { Me } from '../../api/types.ts';
import { formatCredits } from '../../format.ts';
import { setLanguage } from '../../i18n/i18n.ts';
import { signOut } from '../auth/auth-api.ts';

/** The name, what is left, the language, and the way out. */
export function Header({ me }: { me: Me | undefined }) {
  const { t, i18n } = useTranslation();
  const dispatch = useDispatch();
  const leave = async () => {
    await signOut();
    dispatch(api.util.resetApiState());
  };
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <a href="/" className="flex min-h-11 items-center gap-2 text-xl font-semibold">
        <img src="/mark.svg" alt="" width="24" height="24" />
        pingvas
      </a>
      <span className="flex-1" />
      {me && <CreditsLeft />}
      <a className="link hidden sm:inline" href="/docs">
        {t('openDocs')}
      </a>
      <button
        type="button"
        className="button border-transparent px-2"
        lang={i18n.language === 'ko' ? 'en' : 'ko'}
        onClick={() => void setLanguage(i18n.language === 'ko' ? 'en' : 'ko')}
      >
        {t('language')}
      </button>
      {me && (
        <button type="button" className="button" onClick={() => void leave()} title={me.user.email}>
          {t('signOut')}
        </button>
      )}
    </header>
  );
}

function CreditsLeft() {
  const { t, i18n } = useTranslation();
  const { data: credits } = useCreditsQuery(undefined, { refetchOnFocus: true });
  if (!credits) return null;
  const left = credits.available === null ? t('unlimited') : formatCredits(credits.available, i18n.language);
  return (
    <p className="tabular-nums">
      <span className="text-muted">{t('creditsLeft')}</span> <strong data-testid="credits-left">{left}</strong>
    </p>
  );
}
