import { useTranslation } from 'react-i18next';
import { useSessionQuery } from '../../api/api.ts';
import { formatBytes, formatCredits } from '../../format.ts';

/** What the plan allows a month, and how much of it is used. */
export function Limits() {
  const { t, i18n } = useTranslation();
  const { data: me } = useSessionQuery(undefined, { refetchOnFocus: true });
  if (!me) return null;
  const count = (value: number) => formatCredits(value, i18n.language);
  const bytes = (value: number) => formatBytes(value, i18n.language);
  return (
    <section className="panel p-6" aria-labelledby="limits-title">
      <h2 id="limits-title" className="mb-4 font-semibold">
        {t('usage.limits')}
      </h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <Meter name={t('usage.apiCalls')} used={me.usage.api_calls} max={me.limits.api_calls} write={count} />
        <Meter name={t('usage.storage')} used={me.usage.storage_bytes} max={me.limits.storage_bytes} write={bytes} />
      </div>
    </section>
  );
}

type MeterProps = { name: string; used: number; max: number | null; write: (value: number) => string };

function Meter({ name, used, max, write }: MeterProps) {
  const { t } = useTranslation();
  const share = max === null || max === 0 ? 0 : Math.min(used / max, 1);
  return (
    <div className="grid gap-2">
      <p className="flex items-baseline justify-between gap-4 text-sm tabular-nums">
        <span>{name}</span>
        <span className="text-muted">
          {max === null
            ? t('usage.ofUnlimited', { used: write(used) })
            : t('usage.ofMax', { used: write(used), max: write(max) })}
        </span>
      </p>
      <div className="h-2 overflow-hidden rounded-full bg-line" aria-hidden="true">
        <div
          className={`h-full origin-left rounded-full ${share > 0.8 ? 'bg-warn' : 'bg-ice'}`}
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
    </div>
  );
}
