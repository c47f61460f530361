import {
  countWords,
  everydayWords,
  fillerWords,
  groundWords,
  hueWords,
  type Link,
  linkWords,
  particles,
  styleWords,
} from './grammar.ts';
import { lexicon, type Meanings, normalise } from './lexicon.ts';

/** One piece of a prompt, as far as it was recognised. */
export type Unit = { text: string } & (
  | { kind: 'thing'; meanings: Meanings }
  | { kind: 'hue' | 'count' | 'style'; value: number }
  | { kind: 'link'; link: Link }
  | { kind: 'ground' | 'filler' | 'unknown' }
);

const SPACED = /[\p{Script=Latin}\p{Script=Hangul}\p{N}]/u;
const HANGUL_END = /\p{Script=Hangul}$/u;
const particlesByLength = [...particles].sort((a, b) => b.length - a.length);

const isEdge = (text: string, at: number): boolean =>
  at <= 0 || at >= text.length || !(SPACED.test(text[at - 1] ?? '') && SPACED.test(text[at] ?? ''));

/** Grammar wins over things of the same length; among grammar, what is rarer. */
function unitOf(phrase: string): Unit | undefined {
  const hue = hueWords.get(phrase);
  if (hue !== undefined) return { text: phrase, kind: 'hue', value: hue };
  const count = countWords.get(phrase);
  if (count !== undefined) return { text: phrase, kind: 'count', value: count };
  const style = styleWords.get(phrase);
  if (style !== undefined) return { text: phrase, kind: 'style', value: style };
  if (groundWords.has(phrase)) return { text: phrase, kind: 'ground' };
  const link = linkWords.get(phrase);
  if (link) return { text: phrase, kind: 'link', link };
  if (fillerWords.has(phrase)) return { text: phrase, kind: 'filler' };
  const meanings = lexicon().phrases.get(phrase);
  if (meanings) return { text: phrase, kind: 'thing', meanings };
  const usual = lexicon().phrases.get(everydayWords.get(phrase) ?? '');
  return usual && { text: phrase, kind: 'thing', meanings: usual };
}

/** English plurals; the singular is what the lexicon holds. */
function singulars(word: string): string[] {
  if (!/[a-z]{3}s$/.test(word)) return [];
  return [word.slice(0, -1), word.replace(/es$/, ''), word.replace(/ies$/, 'y'), word.replace(/ves$/, 'f')];
}

/** A Korean noun without its particle, and the particle. */
function bare(word: string): { noun: string; particle: string }[] {
  if (!HANGUL_END.test(word)) return [];
  return particlesByLength
    .filter((particle) => word.length > particle.length && word.endsWith(particle))
    .map((particle) => ({ noun: word.slice(0, -particle.length), particle }));
}

/** The units that exactly fill `phrase`: itself, or a noun and what it carries. */
function exactly(phrase: string): Unit[] | undefined {
  const whole = unitOf(phrase);
  if (whole) return [whole];
  for (const singular of singulars(phrase)) {
    const unit = unitOf(singular);
    if (unit?.kind === 'thing') return [{ ...unit, text: phrase }];
  }
  for (const { noun, particle } of bare(phrase)) {
    const unit = unitOf(noun);
    const carried = unitOf(particle);
    if (unit && unit.kind !== 'filler') return carried?.kind === 'link' ? [unit, carried] : [{ ...unit, text: phrase }];
  }
  return undefined;
}

/** Whether a phrase is too little to be read: one character means a thing only where that is its name. */
function isTooShort(units: Unit[], phrase: string): boolean {
  const [unit] = units;
  if (unit?.kind !== 'thing' || unit.text.length > 1) return false;
  if (everydayWords.has(phrase)) return false;
  return /\p{Script=Latin}|\p{N}/u.test(phrase) || Math.min(...unit.meanings.values()) > 0;
}

/**
 * Chinese and Japanese have no spaces, so the longest phrase from the left may cut a longer name in two: 小猫 (kitten) in 小猫头鹰 (little owl).
 * Where such a name begins inside `phrase`, after something that is itself known, the phrase ends before it. Returns the end.
 */
function yieldToName(text: string, at: number, end: number): number {
  for (let start = at + 1; start < end; start++) {
    if (!isEdge(text, start) || !exactly(text.slice(at, start))) continue;
    for (let stop = Math.min(text.length, start + lexicon().longest); stop > end && stop - start >= end - at; stop--) {
      const meanings = isEdge(text, stop) ? lexicon().phrases.get(text.slice(start, stop)) : undefined;
      if (meanings && Math.min(...meanings.values()) === 0) return start;
    }
  }
  return end;
}

/** Cuts a prompt into units, always taking the longest phrase that is known; what nobody knows becomes `unknown`, word by word. */
export function scan(prompt: string): Unit[] {
  const text = normalise(prompt);
  const all = unitOf(text);
  // Alone, even an everyday word is taken for the thing it may name.
  const alone = lexicon().phrases.get(text);
  if (alone && (!all || all.kind === 'filler' || all.kind === 'thing' || text === 'orange'))
    return [{ text, kind: 'thing', meanings: alone }];
  const units: Unit[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ') {
      at++;
      continue;
    }
    let found: Unit[] | undefined;
    let end = Math.min(text.length, at + lexicon().longest);
    for (; end > at; end--) {
      if (!isEdge(text, end)) continue;
      const phrase = text.slice(at, end);
      const units = exactly(phrase);
      if (units && !isTooShort(units, phrase)) {
        end = yieldToName(text, at, end);
        found = exactly(text.slice(at, end)) ?? units;
        break;
      }
    }
    if (!found) {
      end = at + 1;
      while (end < text.length && !isEdge(text, end)) end++;
      found = [{ text: text.slice(at, end), kind: 'unknown' }];
    }
    units.push(...found);
    at = end;
  }
  return units;
}
