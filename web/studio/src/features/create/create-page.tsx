import { useTranslation } from 'react-i18next';
import { useJobsQuery } from '../../api/api.ts';
import { Composer } from './composer.tsx';
import { JobCard } from './job-card.tsx';

/** The composer beside what it made, newest first. */
export function CreatePage() {
  const { t } = useTranslation();
  const { data: jobs, isLoading, error, refetch } = useJobsQuery();
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[380px_1fr]">
      <Composer />
      <section aria-labelledby="results-title">
        <h1 id="results-title" className="mb-3 text-xl font-semibold">
          {t('results')}
        </h1>
        {isLoading && <p role="status">{t('loading')}</p>}
        {error && (
          <p role="alert">
            {t('offline')}{' '}
            <button type="button" className="link" onClick={() => void refetch()}>
              {t('retry')}
            </button>
          </p>
        )}
        {jobs?.length === 0 && <p className="panel py-12 text-center text-muted">{t('empty')}</p>}
        <ul className="grid gap-4 sm:grid-cols-2">
          {jobs?.map((job) => (
            <li key={job.job_id}>
              <JobCard listed={job} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
