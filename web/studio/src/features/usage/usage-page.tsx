import { useTranslation } from 'react-i18next';
import { useGetCreditsQuery } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { formatCredits, formatDay } from '../../format.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { Grants } from './grants.tsx';

/** One big number, one sentence under it; then where it comes from. */
export function UsagePage() {
  const { t, i18n } = useTranslation();
  usePageTitle(t('usage.title'));
  const { data: credits, error, refetch } = useGetCreditsQuery({}, { refetchOnFocus: true });
  const amount = (value: number) => formatCredits(value, i18n.language);
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-4 text-xl font-semibold">{t('usage.title')}</h1>
      {error && !credits && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!credits && !error && <SkeletonList className="h-28" />}
      {credits && (
        <div className="grid gap-6">
          <section className="panel p-6" aria-labelledby="left-title">
            <h2 id="left-title" className="text-sm text-muted">
              {t('usage.left')}
            </h2>
            <p className="text-3xl font-semibold tabular-nums">
              {credits.available === null ? t('common.unlimited') : amount(credits.available)}
            </p>
            <p className="mt-2 text-muted">
              {t('usage.used', { credits: amount(credits.credits_used_this_month) })}{' '}
              {t('usage.resets', { date: formatDay(credits.period.end, i18n.language) })}
            </p>
            {credits.held > 0 && <p className="text-muted">{t('usage.held', { held: amount(credits.held) })}</p>}
          </section>
          <Grants grants={credits.grants} />
        </div>
      )}
    </div>
  );
}
