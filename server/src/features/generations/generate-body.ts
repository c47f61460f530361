import { z } from 'zod';

const codePointsMax = 4_000;
/** Counts code points: an emoji or a rare Hanja is one character to the person who types it, whatever UTF-16 says. */
const words = z
  .string()
  .max(codePointsMax * 2, `Use at most ${codePointsMax} characters`)
  .refine(
    (text) => text.length <= codePointsMax || Array.from(text).length <= codePointsMax,
    `Use at most ${codePointsMax} characters`,
  );
const imageId = z.string().min(1).max(100).nullable().optional();
const weight = z.number().min(-2).max(2).default(1);
const pixels = z.int().min(0).max(4_096);

/** The largest seed: seeds are 32 bits wide everywhere. */
export const seedMax = 4_294_967_295;
const seed = z.union(
  [
    z.int().min(0).max(seedMax),
    z
      .string()
      .regex(/^\d{1,10}$/)
      .refine((text) => Number(text) <= seedMax),
  ],
  { error: `Use a whole number from 0 to ${seedMax}, as a number or a decimal string` },
);

/** The body of `POST /generate` and `POST /quotes`. Only `prompt` is required; what is missing becomes the model's default. */
export const GenerateBody = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .max(200)
      .nullable()
      .optional()
      .describe('An id of GET /models; the default model when missing.'),
    prompt: words.min(1, 'Say what to draw').describe('1 to 4,000 characters.'),
    negative_prompt: words.optional(),
    style: z.string().max(100).nullable().optional(),
    width: z.int().min(1).max(16_384).optional().describe('The canvas, before outpaint.'),
    height: z.int().min(1).max(16_384).optional(),
    steps: z.int().min(1).max(1_000).optional(),
    guidance: z.number().min(0).max(100).optional(),
    scheduler: z.string().min(1).max(100).optional(),
    seed: seed.nullable().optional().describe('Image i uses (seed + i) mod 2^32; random when missing.'),
    count: z.int().min(1).max(8).optional(),
    init_image_id: imageId,
    mask_image_id: imageId.describe('Canvas size; luminance of at least 50 % is repainted.'),
    strength: z.number().min(0.01).max(1).optional().describe('1 ignores the init image.'),
    outpaint: z.strictObject({ left: pixels, top: pixels, right: pixels, bottom: pixels }).nullable().optional(),
    upscale: z
      .strictObject({ factor: z.int().min(2).max(4) })
      .nullable()
      .optional(),
    loras: z
      .array(
        z.strictObject({
          id: z.string().min(1).max(200),
          weight: z.number().min(-2).max(2).optional().describe('The default weight of the LoRA when missing.'),
        }),
      )
      .max(8)
      .optional(),
    control: z
      .array(
        z.strictObject({
          image_id: z.string().min(1).max(100),
          type: z.string().min(1).max(50),
          weight,
          start: z.number().min(0).max(1).default(0),
          end: z.number().min(0).max(1).default(1),
        }),
      )
      .max(4)
      .optional(),
    reference_images: z
      .array(z.strictObject({ image_id: z.string().min(1).max(100), weight }))
      .max(4)
      .optional(),
    quote_id: z
      .string()
      .min(1)
      .max(2_000)
      .nullable()
      .optional()
      .describe('Binds the price to a quote of POST /quotes.'),
    start_by_s: z
      .int()
      .min(1)
      .max(86_400)
      .nullable()
      .optional()
      .describe('The job expires, free of charge, when it has not started by then.'),
    metadata: z
      .record(z.string().min(1).max(500), z.string().max(500))
      .refine((entries) => Object.keys(entries).length <= 16, 'Use at most 16 entries')
      .optional(),
  })
  .meta({ id: 'GenerateBody' });

export type GenerateInput = z.output<typeof GenerateBody>;
