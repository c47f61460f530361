import { z } from 'zod';
import type { Mode } from '#adapters/engine/port.ts';
import { type Actor, workspacesOf } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import { type CreatedGeneration, takeJob, type TakeJobInput } from './create-generation.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import { selectRecipe } from './jobs.queries.ts';
import { requireModel, type PreparedRequest } from './prepare-request.ts';
import { priceShape, shapeOf } from './price-request.ts';
import { type FullRequest, startByDefaultS } from './resolve-request.ts';

/** A picture with its recipe, as the database has it. */
export type RecipeRow = { image_id: string; workspace_id: string; recipe: unknown; deleted_at: Date | null };

const weighted = z.object({ id: z.string(), weight: z.number() });
const Recipe = z.object({
  format: z.literal('pingvas-recipe/1'),
  mode: z.enum(['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale']),
  model: z.object({ id: z.string() }),
  seed: z.string(),
  request: z.object({
    prompt: z.string(),
    negative_prompt: z.string().default(''),
    style: z.string().nullable().default(null),
    width: z.int(),
    height: z.int(),
    steps: z.int(),
    guidance: z.number(),
    scheduler: z.string(),
    strength: z.number(),
    outpaint: z.object({ left: z.int(), top: z.int(), right: z.int(), bottom: z.int() }).nullable().default(null),
    upscale: z.object({ factor: z.int() }).nullable().default(null),
    loras: z.array(weighted).default([]),
    control: z
      .array(
        z.object({ image_id: z.string(), type: z.string(), weight: z.number(), start: z.number(), end: z.number() }),
      )
      .default([]),
    reference_images: z.array(z.object({ image_id: z.string(), weight: z.number() })).default([]),
    init_image_id: z.string().nullable().default(null),
    mask_image_id: z.string().nullable().default(null),
  }),
});

/** The picture with this id in any workspace of the caller. Throws `image_not_found`, the same for a stranger's picture as for none. */
export async function findRecipe(deps: Pick<GenerationsDeps, 'db'>, actor: Actor, imageId: string): Promise<RecipeRow> {
  if (isId(imageId)) {
    for (const workspaceId of workspacesOf(actor)) {
      const [row] = await readTenant(deps.db, workspaceId, (query) => selectRecipe(query, workspaceId, imageId));
      if (row) return row;
    }
  }
  throw new AppError('image_not_found');
}

/**
 * Takes a job that makes one picture again from its recipe: same words, settings, model and seed, priced and counted like any submit. Whether it can be the
 * same picture is the worker's to say, which knows engine and inputs; a job that cannot ends `failed`, free. Throws the problem codes of a submit, and
 * `invalid_request` for a picture without a recipe, such as an upload.
 */
export function reproduceImage(
  deps: GenerationsDeps,
  actor: Actor,
  image: RecipeRow,
  call: Pick<TakeJobInput, 'idempotency' | 'address'>,
): Promise<CreatedGeneration> {
  return takeJob(deps, actor, {
    ...call,
    reproductionOf: image.image_id,
    prepare: () => prepareReproduction(deps, actor, image),
  });
}

async function prepareReproduction(deps: GenerationsDeps, actor: Actor, image: RecipeRow): Promise<PreparedRequest> {
  if (image.deleted_at !== null) throw new AppError('image_not_found');
  const recipe = Recipe.safeParse(image.recipe);
  if (!recipe.success) {
    throw new AppError('invalid_request', {
      errors: [
        { pointer: '/image_id', detail: 'This picture has no recipe: only what was made here can be made again' },
      ],
    });
  }
  const { mode, model: made, seed, request: settings } = recipe.data;
  const model = await requireModel(deps, actor, made.id);
  const request: FullRequest = {
    model: model.id,
    ...settings,
    // A picture of a batch has its own seed in its recipe.
    seed,
    count: 1,
    start_by_s: startByDefaultS,
    metadata: {},
  };
  const shape = shapeOf(request, mode satisfies Mode, actor.kind === 'key');
  return { model, request, mode, shape, price: priceShape(shape, model) };
}
