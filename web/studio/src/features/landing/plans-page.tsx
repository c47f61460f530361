import { useTranslation } from 'react-i18next';
import { useSessionQuery } from '../../api/api.ts';
import { useListPlansQuery } from '../../api/api.gen.ts';
import { formatCredits, formatUsd } from '../../format.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { Faq } from './faq.tsx';
import { PlanCards } from './plan-cards.tsx';
import { PublicFooter } from './public-footer.tsx';

/** Everything that is sold, with the rules. */
export function PlansPage() {
  const { t } = useTranslation();
  usePageTitle(t('plans.title'));
  const { data: me } = useSessionQuery();
  return (
    <div className="mx-auto grid max-w-6xl gap-16 pt-6 md:pt-12">
      <section>
        <h1 className="text-2xl font-semibold md:text-3xl">{t('plans.title')}</h1>
        <p className="mt-2 mb-6 text-base text-muted">{t('plans.intro')}</p>
        <h2 className="sr-only">{t('plans.compare')}</h2>
        <PlanCards current={me?.workspace.plan} />
      </section>
      <Packs />
      <Faq />
      <PublicFooter />
    </div>
  );
}

function Packs() {
  const { t, i18n } = useTranslation();
  const { data: offer } = useListPlansQuery();
  return (
    <section aria-labelledby="packs-title">
      <h2 id="packs-title" className="text-2xl font-semibold">
        {t('plans.packs')}
      </h2>
      <p className="mt-1 text-muted">{t('plans.packsHint')}</p>
      <ul className="mt-6 grid gap-4 sm:grid-cols-3">
        {offer?.packs.map((pack) => (
          <li key={pack.id} className="panel flex flex-wrap items-baseline justify-between gap-x-4 p-5 tabular-nums">
            <span className="font-semibold">
              {t('plans.pack', { credits: formatCredits(pack.credits, i18n.language) })}
            </span>
            <span className="text-xl font-semibold">{formatUsd(pack.usd, i18n.language)}</span>
            <span className="w-full text-sm text-muted">
              {t('plans.rate', { usd: formatUsd((pack.usd * 1_000) / pack.credits, i18n.language) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
