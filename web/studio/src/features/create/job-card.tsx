import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCancelMutation } from '../../api/api.ts';
import { isEnded, type Job } from '../../api/types.ts';
import { formatCredits } from '../../format.ts';
import { ReceiptView } from './receipt-view.tsx';
import { useLiveJob } from './use-live-job.ts';

/** One job: its pictures or the place where they will be, what happens, what it cost. */
export function JobCard({ listed }: { listed: Job }) {
  const { t, i18n } = useTranslation();
  const job = useLiveJob(listed);
  const [showReceipt, setShowReceipt] = useState(false);
  const paid = (job.charged_credits ?? 0) > 0;
  return (
    <article className="panel grid gap-3" aria-label={job.request?.prompt} data-testid="job" data-status={job.status}>
      <Pictures job={job} />
      <p className="line-clamp-2">{job.request?.prompt}</p>
      <State job={job} />
      {isEnded(job.status) && (
        <div className="flex flex-wrap items-center gap-3 text-sm">
          {paid && (
            <span className="text-muted tabular-nums">
              {t('charged', { credits: formatCredits(job.charged_credits ?? 0, i18n.language, true) })}
            </span>
          )}
          {paid && (
            <button
              type="button"
              className="link min-h-11"
              aria-expanded={showReceipt}
              onClick={() => setShowReceipt(!showReceipt)}
            >
              {t(showReceipt ? 'hideReceipt' : 'receipt')}
            </button>
          )}
        </div>
      )}
      {showReceipt && <ReceiptView jobId={job.job_id} />}
    </article>
  );
}

function Pictures({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { width = 1, height = 1, prompt = '', count = 1 } = job.request ?? {};
  const grid = (job.images.length || count) > 1 ? 'grid-cols-2' : 'grid-cols-1';
  if (job.images.length > 0)
    return (
      <ul className={`grid gap-1 ${grid}`}>
        {job.images.map((image, at) => (
          <li key={image.image_id} className="relative">
            <img
              className="w-full rounded-[10px]"
              src={path(image.thumbnails['512'])}
              width={image.width}
              height={image.height}
              alt={prompt}
              loading="lazy"
            />
            <a
              className="button absolute right-2 bottom-2 bg-surface/90 text-sm"
              href={path(image.url)}
              download={`pingvas-${job.job_id.slice(-6)}-${at + 1}.png`}
            >
              {t('download')}
            </a>
          </li>
        ))}
      </ul>
    );
  if (isEnded(job.status)) return null;
  return (
    <div className="relative overflow-hidden rounded-[10px] bg-bg" style={{ aspectRatio: `${width} / ${height}` }}>
      {job.preview && <img className="h-full w-full object-cover" src={path(job.preview)} alt="" />}
      <div
        className="absolute bottom-0 left-0 h-1 w-full origin-left bg-ice transition-transform"
        style={{ transform: `scaleX(${job.progress})` }}
      />
    </div>
  );
}

/** Addresses of the API are absolute; the page asks its own host, so that the cookie travels and the policy is kept. */
function path(url: string): string {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

function State({ job }: { job: Job }) {
  const { t } = useTranslation();
  const [cancel, { isLoading }] = useCancelMutation();
  if (job.status === 'succeeded') return null;
  if (isEnded(job.status))
    return (
      <p role="status" className={job.status === 'failed' ? 'text-bad' : 'text-muted'}>
        {t(job.status === 'failed' ? 'failed' : job.status === 'expired' ? 'expired' : 'cancelled')}
      </p>
    );
  return (
    <div className="flex items-center justify-between gap-3">
      <p role="status" className="text-muted tabular-nums">
        {waitText(job, t)}
      </p>
      <button type="button" className="button" disabled={isLoading} onClick={() => void cancel(job.job_id)}>
        {t(isLoading ? 'cancelling' : 'cancel')}
      </button>
    </div>
  );
}

function waitText(job: Job, t: ReturnType<typeof useTranslation>['t']): string {
  if (job.status === 'backlogged') return t('backlogged');
  if (job.status === 'running')
    return job.steps ? t('runningStep', { step: job.step ?? 0, steps: job.steps }) : t('running');
  return job.position ? t('queued', { count: job.position }) : t('queuedNext');
}
