/** `npm run eval -w engine-mini`: the acceptance table of the shipped weights and runtime, and the contact sheet.
 * `--every N` measures every Nth thing, pair and picture only and leaves the sheet: a rough look in minutes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openDrawings, type DrawnStyle } from '../train/drawings.ts';
import { contactSheet } from './contact-sheet.ts';
import { openDraw, share } from './draw.ts';
import { SIDE } from './features.ts';
import { openJudge, rankOf } from './judge.ts';
import { measureControls, measureLikeness } from './measure-pictures.ts';
import { measureColours, measureNames, measurePlaces, measureReading, type Figures } from './measure-words.ts';
import { table } from './table.ts';
import { testThings } from './things.ts';

const { values } = parseArgs({
  options: { misread: { type: 'boolean', default: false }, every: { type: 'string', default: '1' } },
});
const STYLES: DrawnStyle[] = ['flat', '3d', 'noto', 'twemoji', 'blob'];
const folder = new URL('../samples/', import.meta.url);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const drawings = openDrawings();
const things = testThings(drawings.emojione);
const { figures: read, misread } = measureReading(things);
say(`${misread.length} of ${things.length * 40} sentences are not read as the thing alone`);
if (values.misread) {
  console.log(misread.join('\n'));
  process.exit(0);
}
const judge = openJudge(things.length);
if (!judge) throw new Error('There is no judge yet: run eval/train-judge.ts');
const draw = await openDraw();
mkdirSync(folder, { recursive: true });
if (values.every === '1') writeFileSync(new URL('contact-sheet.png', folder), await contactSheet(draw));

const known: boolean[] = [];
for (const [at, { key }] of things.entries()) {
  const real = await drawings.emojione(key, SIDE);
  if (real) known.push(rankOf(judge, real, at) === 0);
}
const figures: Figures = { 'judge on the held-out style, top-1': share(known) };
const deps = { draw, judge, things, styles: STYLES, drawings, every: Number(values.every) };
for (const measure of [
  measureNames,
  measureColours,
  measurePlaces,
  measureLikeness,
  () => measureControls(draw, Number(values.every)),
]) {
  Object.assign(figures, await measure(deps));
  say(table({ ...figures, ...read }));
}
console.log(table({ ...figures, ...read }));
