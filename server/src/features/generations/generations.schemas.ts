import { generationStates } from '@pingvas/domain';
import { z } from 'zod';
import { CreditEntry, CreditPayer } from '#features/credits/index.ts';
import { Image } from '#features/library/index.ts';
import { Credits, Id, Instant, pageOf, pageQuery } from '#platform/http/schemas.ts';
import { GenerateBody } from './generate-body.ts';

const JobStatus = z.enum(generationStates).meta({ id: 'JobStatus' });
const item = z.enum(['gpu_seconds', 'api_call']);

export const QuoteView = z
  .object({
    quote_id: z.string(),
    expected_credits: Credits,
    ceiling_credits: Credits.describe('The most the job can cost, and what a submit holds.'),
    breakdown: z.array(z.object({ item, credits: Credits })),
    available_credits: Credits.nullable().describe('null = unlimited'),
    affordable: z.boolean(),
    expires_at: Instant,
  })
  .meta({ id: 'Quote' });

export const AcceptedJob = z
  .object({
    job_id: Id,
    status: z.enum(['queued', 'backlogged']),
    held_credits: Credits,
    ceiling_credits: Credits,
    position: z.int().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'AcceptedJob' });

/** Every default resolved. Empty only when the job's words were deleted. */
const JobRequest = z
  .looseObject(GenerateBody.omit({ quote_id: true }).partial().shape)
  .extend({ seed: z.string().optional() })
  .meta({ id: 'JobRequest' });

export const Job = z
  .object({
    job_id: Id,
    status: JobStatus,
    progress: z.number().describe('0 to 1'),
    phase: z.string().nullable(),
    position: z
      .int()
      .nullable()
      .describe('Jobs estimated to start before this one, at most 1,000; null when it runs or has ended.'),
    request: JobRequest.nullable().describe('null when the job has been deleted'),
    held_credits: Credits,
    charged_credits: Credits.nullable().describe('null until the job has ended'),
    attempt: z.int(),
    images: z.array(Image),
    error: z.object({ code: z.string(), detail: z.string(), charged: z.boolean() }).nullable(),
    reproduction: z
      .object({
        of_image_id: Id,
        verdict: z
          .enum(['identical', 'similar', 'impossible'])
          .nullable()
          .describe(
            'null until it is known. `impossible` without a distance: nothing was rendered or charged; with one: the engine drew another picture.',
          ),
        distance: z
          .number()
          .nullable()
          .describe('0 (no difference) to 1: root mean square of the colours at 64 × 64; up to 0.1 is similar.'),
        why: z.string().nullable(),
      })
      .nullable(),
    created_at: Instant,
    started_at: Instant.nullable(),
    cancel_requested_at: Instant.nullable(),
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'Job' });
export type JobView = z.infer<typeof Job>;

export const JobPage = pageOf(Job).meta({ id: 'JobPage' });
export const JobParams = z.strictObject({ job_id: Id });
export const ImageParams = z.strictObject({ image_id: Id });
export const JobsQuery = z.strictObject({ ...pageQuery, status: JobStatus.optional() });

export const Receipt = z
  .object({
    job_id: Id,
    quote: z.object({ expected: Credits, ceiling: Credits }),
    attempts: z.array(
      z.object({
        number: z.int(),
        worker: z.string(),
        device: z.string(),
        outcome: z.string().nullable(),
        load_ms: z.number(),
        encode_ms: z.number(),
        denoise_ms: z.number(),
        decode_ms: z.number(),
        upload_ms: z.number(),
        gpu_ms: z.number(),
        billed_ms: z.number(),
        why: z.string(),
      }),
    ),
    lines: z
      .array(z.object({ item, quantity: z.number(), credits: Credits }))
      .describe('Their sum is `charged_credits`.'),
    charged_credits: Credits,
    paid_from: z.array(CreditPayer),
    released_credits: Credits,
    entries: z.array(CreditEntry),
    recipe_sha256: z.string().nullable(),
  })
  .meta({ id: 'Receipt' });
export type ReceiptView = z.infer<typeof Receipt>;

const points = z.int().describe('Points; negative counts against the job.');
export const Placement = z
  .object({
    job_id: Id,
    status: JobStatus,
    waits_for: z
      .enum(['own_limit', 'worker', 'engine'])
      .nullable()
      .describe(
        '`own_limit`: your own jobs at once; `worker`: a free one; `engine`: none that has the model is running now; null: it does not wait.',
      ),
    priority: z
      .object({
        level: z.int().describe('Of the plan at submit.'),
        effective_level: z.int().describe('One more for every 30 s waited, at most 10.'),
        points: z.int().describe('The sum of the parts; the highest goes first.'),
        parts: z.object({
          level: points,
          waited: points,
          urgency: points,
          load: points,
          usage: points,
          passed_over: points,
        }),
      })
      .nullable(),
    position: z.int().nullable(),
    ahead: z
      .array(z.object({ level: z.int(), jobs: z.int() }))
      .nullable()
      .describe('Jobs ahead by effective level; their sum is `position`.'),
    loads_planned: z.int().nullable().describe('Model loads expected up to and with this job.'),
    expected_start: z
      .object({ earliest: Instant, latest: Instant })
      .nullable()
      .describe(
        'If nothing arrives or is cancelled: when all jobs take what is expected, and when all take their ceiling. null when no worker has the model.',
      ),
    own_limit: z
      .object({
        running_at_once: z.int(),
        active: z.int().describe('Queued or running now.'),
        rank: z.int().describe('Your own jobs before it.'),
      })
      .nullable(),
  })
  .meta({ id: 'Placement' });
