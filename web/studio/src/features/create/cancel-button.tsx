import { useTranslation } from 'react-i18next';
import { type Job, useCancelJobMutation } from '../../api/api.gen.ts';

/** Takes a job back; what was computed so far is paid, what waits is free. */
export function CancelButton({ job }: { job: Job }) {
  const { t } = useTranslation();
  const [cancel, { isLoading }] = useCancelJobMutation();
  const asked = isLoading || job.cancel_requested_at !== null;
  return (
    <button type="button" className="link min-h-11" disabled={asked} onClick={() => void cancel({ jobId: job.job_id })}>
      {t(asked ? 'create.cancelling' : 'create.cancel')}
    </button>
  );
}
