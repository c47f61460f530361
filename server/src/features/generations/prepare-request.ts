import { randomInt } from 'node:crypto';
import type { Quote } from '@pingvas/domain';
import type { Mode } from '#adapters/engine/port.ts';
import { type CatalogueModel, checkLoras, findModel } from '#features/models/index.ts';
import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import type { GenerateInput } from './generate-body.ts';
import { seedMax } from './generate-body.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import { selectUsableImages } from './jobs.queries.ts';
import { priceShape, type PriceShape, shapeOf } from './price-request.ts';
import { type FullRequest, resolveRequest } from './resolve-request.ts';

export type PreparedRequest = {
  model: CatalogueModel;
  request: FullRequest;
  mode: Mode;
  shape: PriceShape;
  price: Quote;
};
type Deps = Pick<GenerationsDeps, 'db' | 'catalogue' | 'engines'>;

/**
 * Everything about a request that is known before money moves: model, defaults, mode, pictures and price. Used by quotes and submits alike, so that
 * what is quoted is what is charged. Throws `model_not_found`, `model_not_allowed`, `engine_unavailable`, `invalid_request`, `image_not_found`.
 */
export async function prepareRequest(deps: Deps, actor: Actor, body: GenerateInput): Promise<PreparedRequest> {
  const model = await requireModel(deps, actor, body.model ?? null);
  const { request, mode } = resolveRequest(body, model, randomInt(seedMax + 1), await loraWeights(deps, body));
  const errors = await checkLoras(deps, actor.plan, model, request.loras);
  if (errors.length > 0) throw new AppError('invalid_request', { errors });
  await requireImages(deps, actor.workspaceId, request);
  const shape = shapeOf(request, mode, actor.kind === 'key');
  requireMemory(shape, model);
  return { model, request, mode, shape, price: priceShape(shape, model) };
}

/** A request that every device of a living worker was too small for is refused, rather than left waiting for a bigger one until it expires. */
function requireMemory(shape: PriceShape, { id, memoryBytes, tooSmall }: CatalogueModel): void {
  const pixels = shape.width * shape.height * shape.factor ** 2;
  const extras = shape.loras + shape.controls + shape.references;
  const known = tooSmall.filter((lesson) => lesson.pixels <= pixels && lesson.extras <= extras);
  if (memoryBytes === null || !known.some(({ bytes }) => bytes >= memoryBytes)) return;
  const detail = `No GPU of this installation has the memory for ${id} at this size; use a smaller one, or fewer LoRAs, control and reference images`;
  throw new AppError('invalid_request', { errors: [{ pointer: shape.factor > 1 ? '/upscale' : '/width', detail }] });
}

/** The catalogue's default weights, for a request that leaves some to it. */
async function loraWeights({ catalogue }: Deps, { loras }: GenerateInput): Promise<ReadonlyMap<string, number>> {
  if (!loras?.some(({ weight }) => weight === undefined)) return new Map();
  return new Map((await catalogue.loras()).map(({ id, weight }) => [id, weight]));
}

/**
 * The model a request names (null = the default one) that some engine of this installation can serve. Throws `model_not_found`, `model_not_allowed`,
 * `engine_unavailable`.
 */
export async function requireModel(
  deps: Pick<Deps, 'catalogue' | 'engines'>,
  actor: Actor,
  id: string | null,
): Promise<CatalogueModel> {
  const model = await findModel(deps, actor.plan, id);
  if (!model.available && !deps.engines.includes(model.engine)) throw new AppError('engine_unavailable');
  return model;
}

async function requireImages({ db }: Pick<Deps, 'db'>, workspaceId: string, request: FullRequest): Promise<void> {
  const wanted = [
    ...new Set(
      [
        request.init_image_id,
        request.mask_image_id,
        ...[...request.control, ...request.reference_images].map(({ image_id: id }) => id),
      ].filter((id) => id !== null),
    ),
  ];
  if (wanted.length === 0) return;
  if (!wanted.every(isId)) throw new AppError('image_not_found');
  const found = await readTenant(db, workspaceId, (query) => selectUsableImages(query, workspaceId, wanted));
  if (found.length !== wanted.length) throw new AppError('image_not_found');
}
