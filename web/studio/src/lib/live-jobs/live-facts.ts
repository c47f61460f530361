import type { JobStatus } from '../../api/api.gen.ts';

/** What a running job says between two states. The images of a job are drawn one after the other, so the step of a preview tells which one it shows. */
export type LiveFacts = { progress: number; step: number; steps: number; previews: { step: number; url: string }[] };

export const isEnded = (status: JobStatus): boolean => !['backlogged', 'queued', 'running'].includes(status);
