/** The 300 things of the test: drawn in every style and in the one held out, no symbols or flags, spread evenly over Unicode's list. */
import { readFileSync } from 'node:fs';
import type { Draw } from '../train/drawings.ts';

export type TestThing = { row: number; key: string; en: string[]; ko: string[]; ja: string[]; zh: string[] };
type Listed = Omit<TestThing, 'row'> & { group: number; styles: number[] };

const COUNT = 300;
const STYLES = 5;
const SYMBOLS_FROM = 8;

/** `heldOut` says which things the style that nobody trained on has. */
export function testThings(heldOut: Draw): TestThing[] {
  const file = new URL('../weights/things.json', import.meta.url);
  const things = (JSON.parse(readFileSync(file, 'utf8')) as Listed[])
    .map((thing, at) => ({ ...thing, row: at + 1 }))
    .filter(
      ({ key, group, styles }) => group < SYMBOLS_FROM && styles.length === STYLES && heldOut(key, 16) !== undefined,
    );
  return Array.from({ length: COUNT }, (_, i) => things[Math.floor((i * things.length) / COUNT)]).filter(
    (thing) => !!thing,
  );
}
