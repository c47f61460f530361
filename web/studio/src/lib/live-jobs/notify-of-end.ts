import type { TFunction } from 'i18next';
import type { Job } from '../../api/api.gen.ts';
import { ownPath } from '../../api/own-path.ts';

/** Says that a job ended, to somebody who looks elsewhere and has allowed it. A cancelled one was ended by hand. */
export function notifyOfEnd(job: Job, t: TFunction): void {
  const isWanted = document.hidden && 'Notification' in window && Notification.permission === 'granted';
  if (!isWanted || job.status === 'cancelled') return;
  const image = job.images[0];
  const notice = new Notification(t(job.status === 'succeeded' ? 'common.jobDone' : 'common.jobFailed'), {
    body: job.request?.prompt ?? '',
    tag: job.job_id,
    ...(image && { icon: ownPath(image.thumbnails['256']) }),
  });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}
