import { useTranslation } from 'react-i18next';
import { useListJobsQuery } from '../../api/api.gen.ts';
import { listed } from '../../api/listed-jobs.ts';
import { EmptyState } from '../../components/states/empty-state.tsx';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { useLiveJobs } from '../../lib/live-jobs/live-jobs.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { Composer } from './composer.tsx';
import { JobGroup } from './job-group.tsx';
import { QueueStrip } from './queue-strip.tsx';
import { Tour } from './tour.tsx';
import { useDraft } from './use-draft.ts';
import { usePromptLink } from './use-prompt-link.ts';

const pollMs = 5_000;

/** The composer beside what it made, newest first. */
export function CreatePage() {
  const { t } = useTranslation();
  usePageTitle(t('shell.create'));
  const { live, connected } = useLiveJobs();
  const [, change] = useDraft();
  usePromptLink(change);
  const {
    data: { data: jobs } = {},
    isLoading,
    error,
    refetch,
  } = useListJobsQuery(listed, { pollingInterval: connected ? 0 : pollMs });
  const useExample = () => change({ prompt: t('create.example') });
  return (
    <div className="grid items-start gap-6 pb-56 lg:grid-cols-[380px_1fr] lg:pb-0">
      <Composer />
      <section aria-labelledby="results-title">
        <h1 id="results-title" className="mb-3 text-xl font-semibold">
          {t('create.results')}
        </h1>
        {jobs && <Tour onExample={useExample} />}
        {isLoading && <SkeletonList className="h-64" />}
        {error && !jobs && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {jobs && <QueueStrip jobs={jobs} live={live} />}
        {jobs?.length === 0 && (
          <EmptyState title={t('create.empty')} hint={t('create.emptyHint')}>
            <Button onClick={useExample}>{t('create.tourExample')}</Button>
          </EmptyState>
        )}
        <ul className="flex flex-wrap items-start gap-x-6 gap-y-8">
          {jobs?.map((job) => (
            <li key={job.job_id} className={`w-full ${(job.request?.count ?? 1) > 1 ? '' : 'sm:w-60'}`}>
              <JobGroup job={job} live={live[job.job_id]} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
