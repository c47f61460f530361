import type { Plan } from '@pingvas/domain';
import type { FieldError } from '#platform/errors.ts';
import type { Catalogue, CatalogueModel } from './catalogue.ts';

/**
 * What is wrong with the LoRAs a request names for this model: one that is not in the catalogue, one the plan may not use, one of another base or
 * engine, one named twice. Empty when all fit.
 */
export async function checkLoras(
  { catalogue }: { catalogue: Catalogue },
  plan: Plan,
  model: CatalogueModel,
  asked: readonly { id: string }[],
): Promise<FieldError[]> {
  if (asked.length === 0) return [];
  const known = new Map((await catalogue.loras()).map((lora) => [lora.id, lora]));
  return asked.flatMap(({ id }, index) => {
    const wrong = (detail: string): FieldError[] => [{ pointer: `/loras/${index}/id`, detail }];
    const lora = known.get(id);
    if (!lora || (lora.plans !== null && !lora.plans.includes(plan)))
      return wrong('There is no such LoRA for your plan; see loras in GET /api/v1/models');
    if (lora.base !== model.base || lora.engine !== model.engine)
      return wrong(`This LoRA is for ${lora.base}; the model ${model.id} is ${model.base}`);
    if (asked.findIndex((other) => other.id === id) !== index) return wrong('This LoRA is named twice');
    return [];
  });
}
