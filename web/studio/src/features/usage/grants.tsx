import { useTranslation } from 'react-i18next';
import type { CreditGrant } from '../../api/api.gen.ts';
import { formatCredits, formatDay } from '../../format.ts';

/** The grants in the order in which they are spent, each with what is left of it. */
export function Grants({ grants }: { grants: CreditGrant[] }) {
  const { t, i18n } = useTranslation();
  return (
    <section className="panel p-6" aria-labelledby="grants-title">
      <h2 id="grants-title" className="font-semibold">
        {t('usage.grants')}
      </h2>
      <p className="text-sm text-muted">{t(grants.length === 0 ? 'usage.noGrants' : 'usage.grantsHint')}</p>
      <ul className="mt-2 divide-y divide-line">
        {grants.map((grant) => (
          <li key={grant.grant_id} className="grid gap-2 py-3">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span>{t(`credits.grant_${grant.kind}`)}</span>
              <span className="text-sm text-muted tabular-nums">
                {t('usage.remaining', {
                  remaining: formatCredits(grant.remaining, i18n.language),
                  granted: formatCredits(grant.granted, i18n.language),
                })}
                {' · '}
                {grant.expires_at === null
                  ? t('usage.forever')
                  : t('usage.until', { date: formatDay(grant.expires_at, i18n.language) })}
              </span>
            </div>
            <div className="h-2 overflow-hidden rounded-full bg-line" aria-hidden="true">
              <div
                className="h-full origin-left rounded-full bg-accent"
                style={{ transform: `scaleX(${grant.granted === 0 ? 0 : grant.remaining / grant.granted})` }}
              />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
