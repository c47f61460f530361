import type { usage as ko } from '../ko/usage.ts';

export const usage: typeof ko = {
  title: 'Usage',
  left: 'Credits you can use',
  held: '{{held}} credits are reserved for jobs on their way.',
  resets: 'New monthly credits arrive on {{date}}.',
  used: '{{credits}} credits used this month.',
  grants: 'Your credits',
  grantsHint: 'Used from top to bottom.',
  remaining: '{{remaining}} of {{granted}} left',
  until: 'until {{date}}',
  forever: 'no expiry',
  noGrants: 'No credits yet.',
};
