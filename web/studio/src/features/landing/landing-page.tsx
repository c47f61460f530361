import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { buttonClass } from '../../components/ui/button.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { ExampleGrid } from './example-grid.tsx';
import { Faq } from './faq.tsx';
import { PlanCards } from './plan-cards.tsx';
import { PublicFooter } from './public-footer.tsx';

/** What a stranger sees first: what this is, what it makes, what it costs, and the way in. */
export function LandingPage() {
  const { t } = useTranslation();
  usePageTitle(t('landing.title'));
  return (
    <div className="grid gap-20 pt-8 sm:gap-24 md:pt-16">
      <section className="grid items-center gap-10 lg:grid-cols-[2fr_3fr]">
        <div>
          <h1 className="text-2xl font-semibold text-balance md:text-3xl">{t('landing.tagline')}</h1>
          <p className="mt-3 max-w-xl text-base text-pretty text-muted">{t('landing.intro')}</p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Link href="/sign-up" className={buttonClass('primary', 'px-6')}>
              {t('landing.start')}
            </Link>
            <Link href="/plans" className={buttonClass('ghost', 'px-4')}>
              {t('landing.seePlans')}
            </Link>
          </div>
          <p className="mt-3 text-sm text-muted">{t('landing.free')}</p>
        </div>
        <ExampleGrid />
      </section>
      <Promises />
      <section aria-labelledby="plans-title">
        <h2 id="plans-title" className="text-2xl font-semibold">
          {t('plans.title')}
        </h2>
        <p className="mt-1 mb-6 text-muted">{t('plans.intro')}</p>
        <PlanCards current={undefined} />
      </section>
      <Faq />
      <PublicFooter />
    </div>
  );
}

function Promises() {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="promises-title">
      <h2 id="promises-title" className="text-2xl font-semibold">
        {t('landing.promises')}
      </h2>
      <ul className="mt-6 grid gap-6 md:grid-cols-3 md:gap-10">
        {(['price', 'receipt', 'failure'] as const).map((promise) => (
          <li key={promise} className="border-t border-line pt-4">
            <h3 className="font-semibold">{t(`landing.promise_${promise}`)}</h3>
            <p className="mt-1 text-pretty text-muted">{t(`landing.promise_${promise}Text`)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
