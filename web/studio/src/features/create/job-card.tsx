import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCancelJobMutation } from '../../api/api.gen.ts';
import type { Job } from '../../api/api.gen.ts';
import { formatCredits } from '../../format.ts';
import { isEnded, type LiveFacts } from './live-facts.ts';
import { Pictures } from './pictures.tsx';
import { ReceiptView } from './receipt-view.tsx';

/** One job: its pictures or the places where they will be, what happens, what it cost. */
export function JobCard({ job, live }: { job: Job; live: LiveFacts | undefined }) {
  const { t, i18n } = useTranslation();
  const [showReceipt, setShowReceipt] = useState(false);
  const paid = (job.charged_credits ?? 0) > 0;
  return (
    <article className="panel" aria-label={job.request?.prompt} data-testid="job" data-status={job.status}>
      <Pictures job={job} live={live} />
      <p className="mt-3 line-clamp-2">{job.request?.prompt}</p>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 text-sm tabular-nums">
        <p role="status" className={job.status === 'failed' ? 'text-bad' : 'text-muted'}>
          {stateText(job, live, t)}
          {paid && t('create.charged', { credits: formatCredits(job.charged_credits ?? 0, i18n.language, true) })}
        </p>
        {!isEnded(job.status) && <CancelButton job={job} />}
        {paid && (
          <button
            type="button"
            className="link min-h-11"
            aria-expanded={showReceipt}
            onClick={() => setShowReceipt(!showReceipt)}
          >
            {t(showReceipt ? 'create.hideReceipt' : 'create.receipt')}
          </button>
        )}
      </div>
      {showReceipt && <ReceiptView jobId={job.job_id} />}
    </article>
  );
}

function CancelButton({ job }: { job: Job }) {
  const { t } = useTranslation();
  const [cancel, { isLoading }] = useCancelJobMutation();
  const asked = isLoading || job.cancel_requested_at !== null;
  return (
    <button type="button" className="link min-h-11" disabled={asked} onClick={() => void cancel({ jobId: job.job_id })}>
      {t(asked ? 'create.cancelling' : 'create.cancel')}
    </button>
  );
}

function stateText(job: Job, live: LiveFacts | undefined, t: ReturnType<typeof useTranslation>['t']): string {
  switch (job.status) {
    case 'backlogged':
      return t('create.backlogged');
    case 'queued':
      return job.position ? t('create.queued', { count: job.position }) : t('create.queuedNext');
    case 'running':
      return live && live.steps > 0
        ? t('create.runningStep', { step: live.step, steps: live.steps })
        : t('create.running');
    case 'succeeded':
      return '';
    case 'failed':
    case 'cancelled':
    case 'expired':
      return `${t(`create.${job.status}`)} `;
  }
}
