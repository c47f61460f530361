import { useTranslation } from 'react-i18next';
import type { Job } from '../../api/api.gen.ts';
import type { LiveFacts } from '../../lib/live-jobs/live-facts.ts';

/** Where a job stands, in a few words; nothing when it succeeded, which its pictures say. */
export function StateText({ job, live }: { job: Job; live: LiveFacts | undefined }) {
  const { t } = useTranslation();
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
      return t(`create.${job.status}`);
  }
}
