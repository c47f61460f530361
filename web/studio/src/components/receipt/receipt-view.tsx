import { useTranslation } from 'react-i18next';
import { useGetReceiptQuery } from '../../api/api.gen.ts';
import type { Receipt } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Skeleton } from '../../components/states/skeleton.tsx';
import { formatCredits, formatDuration } from '../../format.ts';

/** What a job cost and why: the phases in true proportion, the amounts, and the grants that paid. */
export function ReceiptView({ jobId }: { jobId: string }) {
  const { t, i18n } = useTranslation();
  const { data: receipt, error } = useGetReceiptQuery({ jobId });
  if (error) return <ProblemNote error={error} />;
  if (!receipt) return <Skeleton className="h-32" />;
  const credits = (amount: number) => formatCredits(amount, i18n.language, true);
  return (
    <section
      aria-label={t('receipt.receipt')}
      className="grid gap-2 border-t border-line pt-3 text-sm tabular-nums"
      data-testid="receipt"
    >
      <Phases receipt={receipt} />
      <ul>
        {receipt.lines.map((line) => (
          <li key={line.item} className="flex justify-between">
            <span>
              {line.item === 'gpu_seconds'
                ? t('receipt.gpuSeconds', { seconds: line.quantity })
                : t('receipt.apiCall', { count: line.quantity })}
            </span>
            <span>{credits(line.credits)}</span>
          </li>
        ))}
        <li className="mt-1 flex justify-between border-t border-line pt-1 font-semibold">
          <span>{t('receipt.total')}</span>
          <span>{credits(receipt.charged_credits)}</span>
        </li>
      </ul>
      <p className="text-muted">
        {receipt.paid_from
          .map((paid) =>
            t('receipt.paidFrom', {
              kind: t(`credits.grant_${paid.kind}`),
              credits: credits(paid.credits),
            }),
          )
          .join(' · ')}
        {receipt.released_credits > 0 && ` · ${t('receipt.released', { credits: credits(receipt.released_credits) })}`}
      </p>
    </section>
  );
}

const phases = ['load', 'encode', 'denoise', 'decode', 'upload'] as const;

const fill = (phase: string, free: boolean): string =>
  free ? 'hatched' : phase === 'denoise' ? 'bg-ice' : 'bg-ice/60';

function Phases({ receipt }: { receipt: Receipt }) {
  const { t, i18n } = useTranslation();
  const attempt = receipt.attempts.at(-1);
  if (!attempt) return null;
  const parts = phases.map((phase) => ({
    phase,
    ms: attempt[`${phase}_ms`],
    free: phase === 'load' || phase === 'upload',
  }));
  const shown = parts.filter(({ ms }) => ms > 0);
  return (
    <figure>
      <div className="flex h-4 overflow-hidden rounded-md border border-line" aria-hidden="true">
        {shown.map(({ phase, ms, free }) => (
          <div key={phase} className={fill(phase, free)} style={{ flexGrow: ms, flexBasis: 2 }} />
        ))}
      </div>
      <figcaption className="mt-1 text-muted">
        <ul className="flex flex-wrap gap-x-3">
          {shown.map(({ phase, ms, free }) => (
            <li key={phase} className="flex items-center gap-1 whitespace-nowrap">
              <span className={`size-2.5 rounded-xs border border-line ${fill(phase, free)}`} aria-hidden="true" />
              {t(`receipt.phase_${phase}`)} {formatDuration(ms, i18n.language)}
            </li>
          ))}
        </ul>
        {t('receipt.freeParts')}
      </figcaption>
    </figure>
  );
}
