export type Size = { width: number; height: number };
export type Sizes = { min: Size; max: Size; default: Size; multiple_of: number; only: Size[] };
export type SizePreset = Size & { ratio: string };

const ratios = [
  ['1:1', 1],
  ['4:3', 4 / 3],
  ['3:4', 3 / 4],
  ['3:2', 3 / 2],
  ['2:3', 2 / 3],
  ['16:9', 16 / 9],
  ['9:16', 9 / 16],
] as const;

/**
 * The sizes offered for a model: about as many pixels as its default in each common ratio, on its grid and within its limits. A model that draws only some
 * sizes offers just these. No size is offered twice, and none whose ratio would be a tenth off.
 */
export function sizePresets(sizes: Sizes): SizePreset[] {
  if (sizes.only.length > 0) return sizes.only.map((size) => ({ ...size, ratio: ratioName(size) }));
  const area = sizes.default.width * sizes.default.height;
  const onGrid = (length: number, min: number, max: number): number =>
    Math.min(Math.max(Math.round(length / sizes.multiple_of) * sizes.multiple_of, min), max);
  const seen = new Set<string>();
  return ratios.flatMap(([ratio, value]) => {
    const width = onGrid(Math.sqrt(area * value), sizes.min.width, sizes.max.width);
    const height = onGrid(Math.sqrt(area / value), sizes.min.height, sizes.max.height);
    const name = `${width}×${height}`;
    if (seen.has(name) || Math.abs(width / height / value - 1) > 0.1) return [];
    seen.add(name);
    return [{ width, height, ratio }];
  });
}

/** The name of a common ratio, else the ratio in smallest numbers. */
export function ratioName({ width, height }: Size): string {
  const common = ratios.find(([, value]) => Math.abs(width / height / value - 1) < 0.03);
  if (common) return common[0];
  const divisor = greatestDivisor(width, height);
  return `${width / divisor}:${height / divisor}`;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
