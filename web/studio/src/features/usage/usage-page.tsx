import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useGetCreditsQuery } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Skeleton, SkeletonList } from '../../components/states/skeleton.tsx';
import { formatCredits, formatDay } from '../../format.ts';
import { Grants } from './grants.tsx';
import { Limits } from './limits.tsx';
import { UsageFrame } from './usage-frame.tsx';

// The library that draws it is as large as the rest of the page.
const MonthPlot = lazy(async () => ({ default: (await import('./month-plot.tsx')).MonthPlot }));

/** One big number, one sentence under it; then where it comes from and where it went. */
export function UsagePage() {
  const { t, i18n } = useTranslation();
  const { data: credits, error, refetch } = useGetCreditsQuery({}, { refetchOnFocus: true });
  const amount = (value: number) => formatCredits(value, i18n.language);
  return (
    <UsageFrame>
      {error && !credits && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!credits && !error && <SkeletonList className="h-28" />}
      {credits && (
        <div className="grid grid-cols-1 gap-6">
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
          <Suspense fallback={<Skeleton className="h-80 rounded-lg" />}>
            <MonthPlot periodStart={credits.period.start} />
          </Suspense>
          <Grants grants={credits.grants} />
          <Limits />
        </div>
      )}
    </UsageFrame>
  );
}
