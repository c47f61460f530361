/** The seven colours with a hue in the strict sense, at their angles. */
const ANGLES = { red: 2, orange: 28, yellow: 52, green: 125, blue: 212, purple: 272, pink: 330 };
export type Hue = keyof typeof ANGLES;
export const HUES = Object.keys(ANGLES) as Hue[];
/** Below this distance of the largest from the smallest channel a pixel is grey. */
const CHROMA_MIN = 50;

function hueOf(r: number, g: number, b: number): Hue | undefined {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const chroma = most - least;
  if (chroma < CHROMA_MIN) return undefined;
  const sector = most === r ? ((g - b) / chroma + 6) % 6 : most === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  const angle = sector * 60;
  const apart = (hue: Hue): number => Math.abs(((angle - ANGLES[hue] + 540) % 360) - 180);
  const nearest = HUES.reduce((best, hue) => (apart(hue) < apart(best) ? hue : best));
  // A light red is called pink.
  return nearest === 'red' && least > 130 ? 'pink' : nearest;
}

/** Which share of all pixels has each hue. */
export function hueShares(pixels: Uint8Array): Record<Hue, number> {
  const shares: Record<Hue, number> = { red: 0, orange: 0, yellow: 0, green: 0, blue: 0, purple: 0, pink: 0 };
  for (let i = 0; i < pixels.length; i += 3) {
    const hue = hueOf(pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0);
    if (hue) shares[hue] += 3 / pixels.length;
  }
  return shares;
}
