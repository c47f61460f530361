import { z } from 'zod';
import { Credits } from '#platform/http/schemas.ts';

const Size = z.object({ width: z.int(), height: z.int() }).meta({ id: 'Size' });
const range = z.object({ min: z.number(), max: z.number(), default: z.number() });

const Model = z
  .object({
    id: z.string(),
    name: z.string(),
    base: z.string(),
    engine: z.string(),
    available: z.boolean().describe('A worker that is alive has it. Jobs for a model that is not wait.'),
    modes: z.array(z.enum(['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale'])),
    sizes: z.object({
      min: Size,
      max: Size,
      default: Size,
      multiple_of: z.int(),
      only: z.array(Size).describe('When not empty, the only sizes this model draws.'),
    }),
    steps: range,
    guidance: range,
    schedulers: z.array(z.string()),
    styles: z.array(z.string()),
    languages: z.array(z.string()),
    licence: z.string(),
    control_types: z.array(z.string()).describe('Kinds of `control` it follows; empty = none.'),
    reference_images_max: z.int(),
    loras_max: z.int(),
    loras: z.array(
      z
        .object({
          id: z.string(),
          name: z.string(),
          trigger_words: z.array(z.string()).describe('Words of a prompt that call it up.'),
          default_weight: z.number(),
          licence: z.string(),
          available: z.boolean(),
        })
        .meta({ id: 'Lora' }),
    ),
    credits_per_image: Credits,
  })
  .meta({ id: 'Model' });
export type ModelView = z.infer<typeof Model>;
export const Models = z.object({ data: z.array(Model) }).meta({ id: 'Models' });

const limit = z.number().nullable().describe('null = unlimited');
export const Plans = z
  .object({
    data: z.array(
      z
        .object({
          id: z.enum(['free', 'starter', 'pro', 'studio', 'enterprise']),
          name: z.string(),
          monthly_usd: z.number().nullable().describe('null = by contract'),
          yearly_usd: z.number().nullable(),
          credits_per_month: limit,
          storage_bytes: limit,
          api_calls_per_month: limit,
          priority: z.int(),
          running_max: z.int(),
          waiting_max: z.int(),
          members: limit,
        })
        .meta({ id: 'Plan' }),
    ),
    packs: z.array(z.object({ id: z.string(), credits: Credits, usd: z.number() }).meta({ id: 'Pack' })),
    rules: z.object({
      credits_per_gpu_second: Credits,
      credits_per_api_call: Credits,
      never_charged: z.array(z.string()),
      notes: z.array(z.string()),
    }),
  })
  .meta({ id: 'Plans' });
export type PlansView = z.infer<typeof Plans>;
