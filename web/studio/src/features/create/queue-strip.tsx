import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../api/api.gen.ts';
import { isEnded, type LiveFacts } from '../../lib/live-jobs/live-facts.ts';
import { CancelButton } from './cancel-button.tsx';
import { NotifyButton } from './notify-button.tsx';
import { PlacementNote } from './placement-note.tsx';
import { StateText } from './state-text.tsx';

/** The jobs that are not done yet, in one slim line that unfolds: where each stands, why it waits, and the way to take it back. */
export function QueueStrip({ jobs, live }: { jobs: Job[]; live: Record<string, LiveFacts> }) {
  const { t } = useTranslation();
  const open = jobs.filter(({ status }) => !isEnded(status));
  if (open.length === 0) return null;
  const running = open.filter(({ status }) => status === 'running').length;
  return (
    <details className="panel mb-4 px-4 py-0" data-testid="queue">
      <summary className="flex min-h-11 cursor-pointer items-center justify-between gap-4 text-sm font-medium tabular-nums">
        {t('create.queue', { running, waiting: open.length - running })}
      </summary>
      <ul className="divide-y divide-line border-t border-line">
        {open.map((job) => (
          <QueueLine key={job.job_id} job={job} live={live[job.job_id]} />
        ))}
      </ul>
      <NotifyButton />
    </details>
  );
}

function QueueLine({ job, live }: { job: Job; live: LiveFacts | undefined }) {
  const { t } = useTranslation();
  const [why, setWhy] = useState(false);
  const waits = job.status !== 'running';
  return (
    <li className="py-1">
      <div className="flex flex-wrap items-center gap-x-4 text-sm">
        <span className="min-w-40 flex-1 truncate">{job.request?.prompt}</span>
        <span className="text-muted tabular-nums">
          <StateText job={job} live={live} />
        </span>
        {waits && (
          <button type="button" className="link min-h-11" aria-expanded={why} onClick={() => setWhy(!why)}>
            {t('create.why')}
          </button>
        )}
        <CancelButton job={job} />
      </div>
      {why && waits && <PlacementNote jobId={job.job_id} />}
    </li>
  );
}
