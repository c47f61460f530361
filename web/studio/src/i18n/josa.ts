import { josa } from 'es-hangul';

export type Particles = Parameters<typeof josa.pick>[1];

/** How names and digits are read aloud; the particle follows the sound, not the letters. */
const readings: [RegExp, string][] = [
  [/google$/i, '구글'],
  [/0$/, '영'],
  [/1$/, '일'],
  [/3$/, '삼'],
  [/6$/, '육'],
  [/7$/, '칠'],
  [/8$/, '팔'],
  [/l$/i, '엘'],
  [/m$/i, '엠'],
  [/n$/i, '엔'],
];

/** The word with its particle: `withJosa('고양이', '을/를')` is `고양이를`. */
export function withJosa(word: string, particles: Particles): string {
  const heard = readings.find(([ending]) => ending.test(word))?.[1] ?? word;
  return word + josa.pick(heard, particles);
}
