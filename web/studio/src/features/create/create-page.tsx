import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../components/states/empty-state.tsx';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { Composer } from './composer.tsx';
import { JobCard } from './job-card.tsx';
import { listed } from './listed.ts';
import { useLiveJobs } from './use-live-jobs.ts';
import { useListJobsQuery } from '../../api/api.gen.ts';

const pollMs = 5_000;

/** The composer beside what it made, newest first. */
export function CreatePage() {
  const { t } = useTranslation();
  usePageTitle(t('shell.create'));
  const { live, connected } = useLiveJobs();
  const {
    data: { data: jobs } = {},
    isLoading,
    error,
    refetch,
  } = useListJobsQuery(listed, { pollingInterval: connected ? 0 : pollMs });
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[380px_1fr]">
      <Composer />
      <section aria-labelledby="results-title">
        <h1 id="results-title" className="mb-3 text-xl font-semibold">
          {t('create.results')}
        </h1>
        {isLoading && <SkeletonList className="h-64" />}
        {error && !jobs && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {jobs?.length === 0 && <EmptyState title={t('create.empty')} hint={t('create.emptyHint')} />}
        <ul className="grid items-start gap-4 sm:grid-cols-2">
          {jobs?.map((job) => (
            <li key={job.job_id} className={(job.request?.count ?? 1) > 4 ? 'sm:col-span-2' : ''}>
              <JobCard job={job} live={live[job.job_id]} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
