import type { Sides } from './draft.ts';
import type { Size, Sizes } from './size-presets.ts';

const opposite = { left: 'right', right: 'left', top: 'bottom', bottom: 'top' } as const;

/** The most pixels a side can grow by: up to the model's largest canvas, less what the other side took, on its grid. */
export function sideMax(side: keyof Sides, sides: Sides, canvas: Size, { max, multiple_of }: Sizes): number {
  const isAcross = side === 'left' || side === 'right';
  const room = (isAcross ? max.width - canvas.width : max.height - canvas.height) - sides[opposite[side]];
  return Math.max(0, Math.floor(room / multiple_of) * multiple_of);
}

/** The sides with one of them set, on the grid and within the model's largest canvas. */
export function withSide(sides: Sides, side: keyof Sides, length: number, canvas: Size, sizes: Sizes): Sides {
  const onGrid = Math.round(length / sizes.multiple_of) * sizes.multiple_of;
  return { ...sides, [side]: Math.min(Math.max(onGrid, 0), sideMax(side, sides, canvas, sizes)) };
}
