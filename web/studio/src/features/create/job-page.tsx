import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { useGetJobQuery } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { isEnded } from '../../lib/live-jobs/live-facts.ts';
import { useLiveJobs } from '../../lib/live-jobs/live-jobs.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { JobGroup } from './job-group.tsx';

const pollMs = 5_000;

/** One job by its address. */
export function JobPage() {
  const { t } = useTranslation();
  const { job_id: jobId } = useParams<{ job_id: string }>();
  const { live, connected } = useLiveJobs();
  const { data: job, error, refetch } = useGetJobQuery({ jobId }, { pollingInterval: connected ? 0 : pollMs });
  usePageTitle(job?.request?.prompt?.slice(0, 60) ?? t('create.job'));
  return (
    <section className="mx-auto max-w-3xl" aria-labelledby="job-title">
      <h1 id="job-title" className="mb-3 text-xl font-semibold">
        {t('create.job')}
      </h1>
      {error !== undefined && !job && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!job && error === undefined && <SkeletonList lines={1} className="h-64" />}
      {job && <JobGroup job={job} live={live[jobId]} />}
      {job && isEnded(job.status) && (
        <a className="link inline-flex min-h-11 items-center" href="/gallery">
          {t('create.toGallery')}
        </a>
      )}
    </section>
  );
}
