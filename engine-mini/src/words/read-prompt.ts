import { carriedFirst, everydayWords, insistent, type Link, recipientBefore, recipientBehind } from './grammar.ts';
import { lexicon, type Meanings } from './lexicon.ts';
import { nearestName } from './nearest-name.ts';
import { scan, type Unit } from './scan.ts';

/** Objects that a picture has room for. */
export const OBJECTS_MAX = 4;

/** What a prompt asks for, in rows of the model's tables; 0 = nothing said. */
export type Reading = {
  things: { thing: number; hue: number; count: number }[];
  /** How the second thing lies to the first. */
  link: Link;
  ground: number;
  style: number;
  /** The words that were used and those that were not, as they were read. */
  understood: string[];
  ignored: string[];
};

type ThingUnit = Extract<Unit, { kind: 'thing' }>;
type Part = { units: Unit[]; link: Link };

/** More meanings than this say too little to choose one by. */
const VAGUE_FROM = 7;

/** The row of an everyday word's thing. */
function everyday(text: string): number | undefined {
  const character = everydayWords.get(text) ?? everydayWords.get(text.replace(/s$/, ''));
  if (character === undefined) return undefined;
  return lexicon().phrases.get(character)?.keys().next().value;
}

/** How far a thing is from what was meant: its name first, then names that hold the word, then short ones. */
function distance(text: string, row: number, rank: number): number {
  if (rank === 0) return 0;
  const { group } = lexicon().thing(row);
  return 10 + rank + (group >= 8 ? 20 : 0) + text.length / 1000;
}

function best(text: string, meanings: Meanings): number {
  const usual = everyday(text);
  const isName = [...meanings.values()].includes(0);
  if (usual !== undefined && (!isName || insistent.has(text) || meanings.get(usual) === 0)) return usual;
  return [...meanings].sort(([a, x], [b, y]) => distance(text, a, x) - distance(text, b, y) || a - b)[0]?.[0] ?? 0;
}

const isStrong = (unit: ThingUnit): boolean =>
  everyday(unit.text) !== undefined || unit.meanings.size < VAGUE_FROM || [...unit.meanings.values()].includes(0);

const common = (a: Meanings, b: Meanings): Meanings =>
  new Map([...a].flatMap(([row, rank]) => (b.has(row) ? [[row, rank + (b.get(row) ?? 0)]] : [])));

/** Whether the word is a thing's very name, or the everyday word for one. */
const isNamed = ({ text, meanings }: ThingUnit): boolean =>
  everyday(text) !== undefined || [...meanings.values()].includes(0);

/**
 * The things of one part: beside a name, a mere key word ("showing", "clean") is no thing of its own. A vague word narrows a strong one beside
 * it ("smiling" + "cat"); strong ones that share nothing are two things.
 */
function thingsOf(units: ThingUnit[]): { row: number; used: ThingUnit[] }[] {
  const named = units.filter(isNamed);
  const strong = named.length > 0 ? named : units.filter(isStrong);
  const heads = strong.length > 0 ? strong : units.slice(-1);
  return heads.map((head) => {
    const used = [head];
    let meanings = head.meanings;
    let row = best(head.text, meanings);
    for (const unit of units) {
      const both = isStrong(unit) || unit === head ? new Map<number, number>() : common(meanings, unit.meanings);
      if (both.size === 0) continue;
      meanings = both;
      row = best('', both);
      used.push(unit);
    }
    return { row, used };
  });
}

/** Takes the colour of the ground out of the units: the nearest colour before the word, else the one behind it. */
function takeGround(units: Unit[]): { ground: number; rest: Unit[]; used: Unit[] } {
  const at = units.findIndex(({ kind }) => kind === 'ground');
  const isHue = (unit: Unit): boolean => unit.kind === 'hue';
  if (at < 0) return { ground: 0, rest: units, used: [] };
  let hueAt = units.slice(0, at).findLastIndex(isHue);
  if (hueAt < 0) hueAt = units.findIndex((unit, i) => i > at && isHue(unit));
  const hue = units[hueAt];
  if (hue?.kind !== 'hue') return { ground: 0, rest: units.filter((_, i) => i !== at), used: [] };
  return {
    ground: hue.value,
    rest: units.filter((_, i) => i !== at && i !== hueAt),
    used: [hue, ...units.slice(at, at + 1)],
  };
}

/** Leaves out whom the picture is for ("for my mother", 子供のための). */
function withoutRecipient(units: Unit[]): Unit[] {
  return units.filter(
    ({ kind }, at) =>
      kind !== 'thing' ||
      !(recipientBehind.has(units[at - 1]?.text ?? '') || recipientBefore.has(units[at + 1]?.text ?? '')),
  );
}

function partsOf(units: Unit[]): Part[] {
  const parts: Part[] = [{ units: [], link: 'beside' }];
  let bearer: Part | undefined;
  for (const unit of units) {
    if (unit.kind !== 'link') (bearer ?? parts.at(-1))?.units.push(unit);
    else if (!carriedFirst.has(unit.text)) parts.push({ units: [], link: unit.link });
    else {
      // "Crown-wearing bear": what follows bears what came before.
      const carried = parts.at(-1);
      if (carried) carried.link = unit.link;
      parts.splice(-1, 0, { units: [], link: 'beside' });
      bearer = parts.at(-2);
    }
  }
  return parts.filter((part) => part.units.length > 0);
}

/** Reads a prompt in Korean, English, Japanese or Chinese. The same text gives the same reading for ever. */
export function readPrompt(prompt: string): Reading {
  const units = scan(prompt);
  const { ground, rest, used } = takeGround(withoutRecipient(units));
  const understood = new Set<Unit>(used);
  const reading: Reading = { things: [], link: 'beside', ground, style: 0, understood: [], ignored: [] };
  const isThing = (unit: Unit): unit is ThingUnit => unit.kind === 'thing';
  for (const part of partsOf(rest)) {
    let words = part.units.filter(isThing);
    if (words.length === 0)
      words = part.units.flatMap((unit) => {
        const meanings = unit.kind === 'unknown' ? nearestName(unit.text) : undefined;
        if (meanings) understood.add(unit);
        return meanings ? [{ text: unit.text, kind: 'thing' as const, meanings }] : [];
      });
    const things = thingsOf(words);
    const hue = part.units.find(({ kind }) => kind === 'hue');
    const count = part.units.find(({ kind }) => kind === 'count');
    const style = part.units.find(({ kind }) => kind === 'style');
    if (style?.kind === 'style') reading.style = style.value;
    for (const { row, used: texts } of things) {
      if (reading.things.reduce((sum, each) => sum + each.count, 0) >= OBJECTS_MAX) break;
      const first = reading.things.length === 1;
      if (first) reading.link = part.link;
      reading.things.push({
        thing: row,
        hue: hue?.kind === 'hue' ? hue.value : 0,
        count: count?.kind === 'count' ? count.value : 1,
      });
      for (const unit of texts) understood.add(unit);
    }
    // A colour without a thing is "something red".
    if (things.length === 0 && hue?.kind === 'hue' && reading.things.length === 0)
      reading.things.push({ thing: 0, hue: hue.value, count: 1 });
    for (const unit of [hue, count, style]) if (unit) understood.add(unit);
  }
  const said = units.filter(({ kind }) => kind !== 'filler' && kind !== 'link');
  reading.understood = said.filter((unit) => understood.has(unit)).map(({ text }) => text);
  reading.ignored = said.filter((unit) => !understood.has(unit)).map(({ text }) => text);
  return reading;
}
