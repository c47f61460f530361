/** Answers of the API that the page reads (the whole truth is /openapi.json). Credits are numbers with at most three places. */
export type Me = {
  user: { user_id: string; email: string; name: string };
  workspace: { workspace_id: string; name: string; plan: string };
  usage: { credits_used_this_month: number };
};
export type Credits = {
  available: number | null;
  held: number;
  unlimited: boolean;
  credits_used_this_month: number;
  period: { start: string; end: string };
};
export type Model = {
  id: string;
  name: string;
  available: boolean;
  styles: string[];
  sizes: { default: { width: number; height: number } };
};
export type GenerateBody = { model?: string; prompt: string; style?: string | null; count?: number; seed?: string };
export type Quote = {
  quote_id: string;
  expected_credits: number;
  ceiling_credits: number;
  available_credits: number | null;
  affordable: boolean;
};
export type Submitted = { job_id: string; status: JobStatus };
export type JobStatus = 'backlogged' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';
export type JobImage = {
  image_id: string;
  url: string;
  thumbnails: { '256': string; '512': string };
  width: number;
  height: number;
  seed: string | null;
};
export type Job = {
  job_id: string;
  status: JobStatus;
  progress: number;
  phase: string | null;
  position: number | null;
  request: { prompt: string; count: number; width: number; height: number; seed: string } | null;
  charged_credits: number | null;
  images: JobImage[];
  error: { code: string; detail: string } | null;
  created_at: string;
  cancel_requested_at: string | null;
};
/** What a running job says between two states. The images of a job are drawn one after the other, so the step of a preview tells which one it shows. */
export type LiveFacts = { progress: number; step: number; steps: number; previews: { step: number; url: string }[] };
export type Page<Item> = { data: Item[]; next_cursor: string | null };
export type Receipt = {
  attempts: {
    number: number;
    outcome: string;
    load_ms: number;
    encode_ms: number;
    denoise_ms: number;
    decode_ms: number;
    upload_ms: number;
    billed_ms: number;
    device: string;
  }[];
  lines: { item: 'gpu_seconds' | 'api_call'; quantity: number; credits: number }[];
  charged_credits: number;
  paid_from: { grant_id: string; kind: string; credits: number }[];
  released_credits: number;
};
/** RFC 9457. */
export type Problem = { code: string; detail: string; status: number };

export const isEnded = (status: JobStatus): boolean => !['backlogged', 'queued', 'running'].includes(status);
