import type { common as ko } from '../ko/common.ts';

export const common: typeof ko = {
  loading: 'Loading',
  retry: 'Load again',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied.',
  cancel: 'Cancel',
  unlimited: 'unlimited',
  offline: 'No connection. Try again in a moment.',
  offlineNow: 'You are offline. We go on as soon as the connection is back.',
  notAccepted: 'That is not possible. Check what you entered.',
  requestId: 'Request {{id}}',
  copyRequestId: 'Copy the request id',
  broken: 'This screen could not be drawn.',
  brokenHint: 'Loading it again mostly helps.',
  reload: 'Reload',
  lost: 'There is nothing here.',
  lostHint: 'The address has changed, or the page never was.',
  toStart: 'Go to the start',
  jobDone: 'Your image is ready.',
  jobFailed: 'The image could not be made.',
};
