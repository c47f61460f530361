import { useTranslation } from 'react-i18next';
import { useJobsQuery } from '../../api/api.ts';
import { Composer } from './composer.tsx';
import { JobCard } from './job-card.tsx';
import { useLiveJobs } from './use-live-jobs.ts';

const pollMs = 5_000;

/** The composer beside what it made, newest first. */
export function CreatePage() {
  const { t } = useTranslation();
  const { live, connected } = useLiveJobs();
  const {
    data: jobs,
    isLoading,
    error,
    refetch,
  } = useJobsQuery(undefined, { pollingInterval: connected ? 0 : pollMs });
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[380px_1fr]">
      <Composer />
      <section aria-labelledby="results-title">
        <h1 id="results-title" className="mb-3 text-xl font-semibold">
          {t('results')}
        </h1>
        {isLoading && (
          <p role="status" className="py-12 text-center text-muted">
            {t('loading')}
          </p>
        )}
        {error && !jobs && (
          <p role="alert">
            {t('offline')}{' '}
            <button type="button" className="link min-h-11" onClick={() => void refetch()}>
              {t('retry')}
            </button>
          </p>
        )}
        {jobs?.length === 0 && <p className="panel py-16 text-center text-muted">{t('empty')}</p>}
        <ul className="grid items-start gap-4 sm:grid-cols-2">
          {jobs?.map((job) => (
            <li key={job.job_id} className={job.request && job.request.count > 4 ? 'sm:col-span-2' : ''}>
              <JobCard job={job} live={live[job.job_id]} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
