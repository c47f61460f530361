import { z } from 'zod';

const optionalNumber = z.number().nullish();

/** A model as `GET /api/v2/models/` lists it; the fields that we use. */
export const modelRecord = z.object({
  key: z.string(),
  hash: z.string(),
  name: z.string(),
  base: z.string(),
  type: z.string(),
  format: z.string().optional(),
  variant: z.string().nullish(),
  trigger_phrases: z.array(z.string()).nullish(),
  default_settings: z
    .object({
      width: optionalNumber,
      height: optionalNumber,
      steps: optionalNumber,
      cfg_scale: optionalNumber,
      guidance: optionalNumber,
      scheduler: z.string().nullish(),
      weight: optionalNumber,
    })
    .nullish(),
});

export type ModelRecord = z.output<typeof modelRecord>;
