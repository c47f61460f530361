import type { Plan } from '@pingvas/domain';
import { AppError } from '#platform/errors.ts';
import { type Catalogue, type CatalogueModel, isAllowed } from './catalogue.ts';

/**
 * The model a request names, or the default one of the plan. Throws `model_not_found`, `model_not_allowed`, and `engine_unavailable` when
 * there is nothing to choose from.
 */
export async function findModel(
  { catalogue }: { catalogue: Catalogue },
  plan: Plan,
  id: string | null,
): Promise<CatalogueModel> {
  const models = await catalogue.list();
  if (id === null) {
    const allowed = models.filter((model) => isAllowed(model, plan));
    const model = allowed.find((candidate) => candidate.available) ?? allowed[0];
    if (!model) throw new AppError('engine_unavailable');
    return model;
  }
  const model = models.find((candidate) => candidate.id === id);
  if (!model) throw new AppError('model_not_found');
  if (!isAllowed(model, plan)) throw new AppError('model_not_allowed');
  return model;
}
