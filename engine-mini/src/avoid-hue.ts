import { HUES, hueShares } from './colours.ts';
import { fromPlanes } from './pixels.ts';
import type { PlacedObject } from './layout.ts';
import type { Conditions, Sessions } from './sessions.ts';
import { HUE_COUNT, NAMED_HUES } from './words/grammar.ts';

type Planned = Pick<Sessions, 'decode'> & { plan: (objects: PlacedObject[]) => Promise<Conditions> };

/** Red ↔ green, yellow ↔ purple and so on: the colour farthest on the wheel of those that have a name. */
const farHue = (hue: number): number => ((hue + 2) % NAMED_HUES) + 1;
/** Share of the picture from which a colour is seen. */
const VISIBLE = 0.01;

/**
 * Plans objects without a colour that is not wanted (`hue`, a row of the hue table). Where the expected picture would show it, they are told the
 * farthest colour, for the model takes "not red" too lightly; elsewhere "not" is enough. Objects whose colour the prompt says keep it.
 */
export async function planWithout(
  hue: number,
  objects: PlacedObject[],
  { plan, decode }: Planned,
): Promise<Conditions> {
  const name = HUES[hue - 1];
  const asked = await plan(objects);
  if (!name) return asked;
  const shares = hueShares(fromPlanes(await decode(asked.canvas)));
  const row = shares[name] < VISIBLE ? HUE_COUNT + hue : farHue(hue);
  return plan(objects.map((object) => (object.hue === 0 ? { ...object, hue: row } : object)));
}
