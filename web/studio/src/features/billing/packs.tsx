import { useTranslation } from 'react-i18next';
import { type PackChoice, useListPlansQuery } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';
import { formatCredits, formatUsd } from '../../format.ts';
import { useCheckout } from '../../lib/checkout/use-checkout.ts';

/** Credits that never expire; bought at the provider's page. */
export function Packs() {
  const { t, i18n } = useTranslation();
  const { data: offer } = useListPlansQuery();
  const { buy, busy, error } = useCheckout();
  return (
    <section className="panel p-6" aria-labelledby="packs-title">
      <h2 id="packs-title" className="font-semibold">
        {t('billing.packs')}
      </h2>
      <p className="text-sm text-muted">{t('billing.packsHint')}</p>
      <ul className="mt-2 divide-y divide-line">
        {offer?.packs.map((pack) => {
          const credits = formatCredits(pack.credits, i18n.language);
          return (
            <li key={pack.id} className="flex items-center gap-4 py-3 tabular-nums">
              <span className="flex-1 font-semibold">{t('plans.pack', { credits })}</span>
              <span>{formatUsd(pack.usd, i18n.language)}</span>
              <Button
                disabled={busy}
                aria-label={t('billing.buyPack', { credits })}
                onClick={() => void buy(pack.id as PackChoice['pack'])}
              >
                {t('billing.buy')}
              </Button>
            </li>
          );
        })}
      </ul>
      {error && <ProblemNote error={error} />}
    </section>
  );
}
