import { useTranslation } from 'react-i18next';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Skeleton } from '../../components/states/skeleton.tsx';
import { formatCredits, formatDay } from '../../format.ts';
import { type MonthUsage, useMonthUsageQuery } from './month-usage.ts';

const colours = ['var(--ice)', 'var(--accent)', 'var(--good)', 'var(--muted)', 'var(--bad)'];
const colourOf = (at: number): string => colours[at % colours.length] ?? 'var(--ice)';

/** The month, a bar a day, stacked by model. A table says the same to who cannot see it. */
export function MonthPlot({ periodStart }: { periodStart: string }) {
  const { t } = useTranslation();
  const { data: month, error, refetch } = useMonthUsageQuery(periodStart, { refetchOnMountOrArgChange: 60 });
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!month) return <Skeleton className="h-80 rounded-lg" />;
  return (
    <section className="panel p-6" aria-labelledby="plot-title">
      <h2 id="plot-title" className="font-semibold">
        {t('usage.plot')}
      </h2>
      <p className="mb-4 text-sm text-muted">
        {month.models.length === 0 ? t('usage.plotEmpty') : t('usage.plotHint')}
        {month.counted !== undefined && ` ${t('usage.plotRecent', { count: month.counted })}`}
      </p>
      {month.models.length > 0 && (
        <>
          <Bars month={month} />
          <UsageTable month={month} />
        </>
      )}
    </section>
  );
}

function Bars({ month }: { month: MonthUsage }) {
  const { i18n } = useTranslation();
  const day = (value: unknown) => formatDay(`${String(value)}T12:00:00`, i18n.language);
  const data = month.days.map(({ day: date, byModel }) => ({ date, ...byModel }));
  return (
    <div aria-hidden="true">
      <div className="h-52">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={data} accessibilityLayer={false} margin={{ top: 4, right: 0, bottom: 0, left: -12 }}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="date"
              tickFormatter={day}
              tick={{ fill: 'var(--muted)', fontSize: 12 }}
              tickLine={false}
              axisLine={false}
              minTickGap={24}
            />
            <YAxis tick={{ fill: 'var(--muted)', fontSize: 12 }} tickLine={false} axisLine={false} width={52} />
            <Tooltip
              labelFormatter={day}
              formatter={(value) => formatCredits(Number(value), i18n.language, true)}
              cursor={{ fill: 'var(--hover)' }}
              contentStyle={{ background: 'var(--raised)', border: '1px solid var(--line)', borderRadius: 10 }}
            />
            {month.models.map((model, at) => (
              <Bar
                key={model}
                dataKey={model}
                stackId="day"
                fill={colourOf(at)}
                maxBarSize={28}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 text-sm text-muted">
        {month.models.map((model, at) => (
          <li key={model} className="flex items-center gap-1.5">
            <span className="size-2.5 rounded-full" style={{ background: colourOf(at) }} />
            {model}
          </li>
        ))}
      </ul>
    </div>
  );
}

function UsageTable({ month }: { month: MonthUsage }) {
  const { t, i18n } = useTranslation();
  return (
    <table className="sr-only">
      <caption>{t('usage.plot')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('usage.day')}</th>
          <th scope="col">{t('usage.model')}</th>
          <th scope="col">{t('usage.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {month.days.flatMap(({ day, byModel }) =>
          Object.entries(byModel).map(([model, credits]) => (
            <tr key={day + model}>
              <td>{formatDay(`${day}T12:00:00`, i18n.language)}</td>
              <td>{model}</td>
              <td>{formatCredits(credits, i18n.language, true)}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
