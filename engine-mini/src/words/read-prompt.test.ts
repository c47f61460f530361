import { describe, expect, test } from 'vitest';
import { lexicon } from './lexicon.ts';
import { readPrompt } from './read-prompt.ts';

/** A reading in short: "2×1f34e/blue + 1f408 on red". Hues as rows of the table. */
function inShort(prompt: string): string {
  const { things, ground, link } = readPrompt(prompt);
  const parts = things.map(({ thing, hue, count }) => {
    const { key } = lexicon().thing(thing);
    return `${count > 1 ? `${count}×` : ''}${String.fromCodePoint(parseInt(key, 16))}${hue > 0 ? `/${hue}` : ''}`;
  });
  return parts.join(link === 'beside' ? ' + ' : ` ${link} `) + (ground > 0 ? ` on ${ground}` : '');
}

describe('the reader', () => {
  test.each([
    ['cat', '🐈'],
    ['고양이', '🐈'],
    ['猫', '🐈'],
    ['blue car', '🚗/5'],
    ['purple banana', '🍌/6'],
    ['three cats', '3×🐈'],
    ['고양이 세 마리', '3×🐈'],
    ['猫三匹', '3×🐈'],
    ['三只猫', '3×🐈'],
    ['고양이와 로켓', '🐈 + 🚀'],
    ['ロケットと猫', '🚀 + 🐈'],
    ['猫和火箭', '🐈 + 🚀'],
    ['dog on a blue background', '🐕 on 5'],
    ['파란 배경의 강아지', '🐕 on 5'],
    ['青い背景の犬', '🐕 on 5'],
    ['蓝色背景上的狗', '🐕 on 5'],
    ['a bear wearing a crown', '🐻 above 👑'],
    ['왕관을 쓴 곰', '🐻 above 👑'],
    ['a cat with sunglasses', '🐈 front 🕶'],
    ['two red apples and a yellow banana', '2×🍎 + 🍌/3'],
    ['smiling cat', '😺'],
    ['please draw me one cute little giraffe in the style of a sticker', '🦒'],
    ['귀여운 기린 그림 하나 그려줘', '🦒'],
    ['かわいいキリンの絵を描いてください', '🦒'],
    ['请给我画一只可爱的长颈鹿', '🦒'],
    ['小猫头鹰', '🦉'],
    ['小猫', '🐈'],
    ['파란 장미', '🌹/5'],
    ['장미', '🌹'],
    ['안녕, 로켓 좀 그려줄래?', '🚀'],
    ['an illustration showing a rocket, nice and clean', '🚀'],
    ['a rocket for my mother', '🚀'],
    ['子供のためのロケットの絵', '🚀'],
    ['아이를 위한 로켓 그림', '🚀'],
    ['giraff', '🦒'],
    ['ＲＥＤ House', '🏠/1'],
    ['고양이'.normalize('NFD'), '🐈'],
    ['🚀', '🚀'],
    ['', ''],
  ])('%j is %j', (prompt, expected) => {
    expect(inShort(prompt)).toBe(expected);
  });

  test('every thing is found by its name in English and Japanese, in Korean all but the rosette, and nearly every one in Chinese', () => {
    const missed = { en: 0, ko: 0, ja: 0, zh: 0 };
    for (let row = 1; row <= 1902; row++) {
      const thing = lexicon().thing(row) as unknown as Record<string, string[]> & { group: number };
      if (thing.group >= 8) continue;
      for (const language of ['en', 'ko', 'ja', 'zh'] as const) {
        const { things } = readPrompt(thing[language]![0]!);
        if (things.length !== 1 || things[0]!.thing !== row) missed[language]++;
      }
    }
    expect(missed).toEqual({ en: 0, ko: 1, ja: 0, zh: expect.toSatisfy((count: number) => count <= 3) });
  });

  test('what was not understood is said, filler words are not', () => {
    expect(readPrompt('please draw a red house zorgblat')).toMatchObject({
      understood: ['red', 'house'],
      ignored: ['zorgblat'],
    });
  });
});
