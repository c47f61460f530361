import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { buttonClass } from '../../components/ui/button.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';

/** What a stranger sees first: what this is, and the way in. */
export function LandingPage() {
  const { t } = useTranslation();
  usePageTitle(t('landing.title'));
  return (
    <section className="py-12 md:py-24">
      <h1 className="text-2xl font-semibold md:text-3xl">{t('landing.tagline')}</h1>
      <p className="mt-3 max-w-xl text-base text-pretty text-muted">{t('landing.intro')}</p>
      <Link href="/sign-up" className={buttonClass('primary', 'mt-8 px-6')}>
        {t('landing.start')}
      </Link>
    </section>
  );
}
