import { useTranslation } from 'react-i18next';
import { useCreditsQuery } from '../../api/api.ts';
import type { Me } from '../../api/types.ts';
import { formatCredits } from '../../format.ts';
import { setLanguage } from '../../i18n/i18n.ts';
import { signOut } from '../auth/auth-api.ts';

/** The name, what is left, the language, and the way out. */
export function Header({ me }: { me: Me | undefined }) {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'ko' ? 'en' : 'ko';
  // A fresh page remembers nothing of who was here.
  const leave = async () => {
    await signOut();
    location.assign('/');
  };
  return (
    <header className="flex items-center gap-2 py-3 sm:gap-4">
      <a href="/" className="flex min-h-11 items-center gap-2 text-xl font-semibold">
        <img src="/mark.svg" alt="" width="24" height="24" />
        pingvas
      </a>
      <span className="flex-1" />
      {me && <CreditsLeft />}
      <a className="link hidden min-h-11 items-center text-sm sm:inline-flex" href="/docs">
        {t('openDocs')}
      </a>
      <button
        type="button"
        className="button border-transparent bg-transparent px-2 text-sm"
        lang={other}
        onClick={() => void setLanguage(other)}
      >
        {t('language')}
      </button>
      {me && (
        <button
          type="button"
          className="button px-3 text-sm whitespace-nowrap"
          onClick={() => void leave()}
          title={me.user.email}
        >
          {t('signOut')}
        </button>
      )}
    </header>
  );
}

function CreditsLeft() {
  const { t, i18n } = useTranslation();
  const { data: credits } = useCreditsQuery(undefined, { refetchOnFocus: true });
  const left =
    credits && (credits.available === null ? t('unlimited') : formatCredits(credits.available, i18n.language));
  return (
    <p className="flex items-center gap-1.5 text-sm whitespace-nowrap tabular-nums">
      <span className="size-2.5 rounded-full bg-accent" aria-hidden="true" />
      <span className="sr-only text-muted sm:not-sr-only">{t('creditsLeft')}</span>
      <strong className="min-w-[4ch] text-right" data-testid="credits-left">
        {left}
      </strong>
    </p>
  );
}
