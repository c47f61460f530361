import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../api/api.gen.ts';
import { ReceiptView } from '../../components/receipt/receipt-view.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { formatCredits } from '../../format.ts';
import { useReuse } from '../../lib/draft/use-reuse.ts';
import { isEnded, type LiveFacts } from '../../lib/live-jobs/live-facts.ts';
import { CancelButton } from './cancel-button.tsx';
import { Pictures } from './pictures.tsx';
import { StateText } from './state-text.tsx';

/** One job: its pictures or the places where they will be, what happens, what it cost, and what can be done next. */
export function JobGroup({ job, live }: { job: Job; live: LiveFacts | undefined }) {
  const { t, i18n } = useTranslation();
  const [showReceipt, setShowReceipt] = useState(false);
  const reuse = useReuse();
  const paid = (job.charged_credits ?? 0) > 0;
  const first = job.images[0];
  const ignored = ignoredWordsOf(job);
  return (
    <article aria-label={job.request?.prompt} data-testid="job" data-status={job.status}>
      <Pictures job={job} live={live} />
      <p className="mt-2 line-clamp-2">{job.request?.prompt}</p>
      {ignored && <p className="text-sm text-muted">{t('create.ignored', { words: ignored.join(', ') })}</p>}
      <div className="flex min-h-11 flex-wrap items-center text-sm tabular-nums">
        <p role="status" className={`mr-auto ${job.status === 'failed' ? 'text-bad' : 'text-muted'}`}>
          <StateText job={job} live={live} />
          {paid && ` ${t('create.charged', { credits: formatCredits(job.charged_credits ?? 0, i18n.language) })}`}
        </p>
        {!isEnded(job.status) && <CancelButton job={job} />}
        {first && (
          <>
            <IconButton
              icon="dice"
              label={t('create.variations')}
              onClick={() => void reuse(first, { newSeeds: true })}
            />
            <IconButton icon="restore" label={t('create.reuse')} onClick={() => void reuse(first)} />
          </>
        )}
        {paid && (
          <IconButton
            icon="document"
            label={t('create.receipt')}
            aria-expanded={showReceipt}
            onClick={() => setShowReceipt(!showReceipt)}
          />
        )}
      </div>
      {showReceipt && <ReceiptView jobId={job.job_id} />}
    </article>
  );
}

/** Words that the engine said it did not understand; undefined when it understood all or says nothing of it. */
function ignoredWordsOf({ images }: Job): string[] | undefined {
  const ignored: unknown = images[0]?.engine_info['ignored'];
  return Array.isArray(ignored) && ignored.length > 0 ? ignored.map(String) : undefined;
}
