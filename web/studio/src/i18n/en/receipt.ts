import type { receipt as ko } from '../ko/receipt.ts';

export const receipt: typeof ko = {
  receipt: 'Receipt',
  total: 'Total',
  released: '{{credits}} reserved credits were given back',
  freeParts: 'Loading and upload are free',
  gpuSeconds: 'GPU {{seconds}} s',
  apiCall: '{{count}} API call',
  phase_load: 'Load',
  phase_encode: 'Understand',
  phase_denoise: 'Draw',
  phase_decode: 'Unfold',
  phase_upload: 'Upload',
  paidFrom: '{{credits}} from {{kind}}',
};
