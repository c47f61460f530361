import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { setLanguage } from '../../i18n/i18n.ts';
import { languageNames } from '../../i18n/language-names.ts';
import { buttonClass } from '../../components/ui/button.tsx';

/** What strangers see above a page: the name, the plans, the other language, the door. */
export function PublicHeader() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'ko' ? 'en' : 'ko';
  return (
    <header className="mx-auto flex max-w-6xl items-center gap-1 px-4 py-3">
      <Link href="/" className="flex min-h-11 items-center gap-2 text-xl font-semibold">
        <img src="/mark.svg" alt="" width="24" height="24" />
        pingvas
      </Link>
      <span className="flex-1" />
      <Link href="/plans" className={buttonClass('ghost', 'px-3 text-sm')}>
        {t('plans.title')}
      </Link>
      <button
        type="button"
        className={buttonClass('ghost', 'px-3 text-sm')}
        lang={other}
        onClick={() => void setLanguage(other)}
      >
        {languageNames[other]}
      </button>
      <Link href="/sign-in" className={buttonClass('ghost', 'px-3 text-sm')}>
        {t('auth.signIn')}
      </Link>
    </header>
  );
}
