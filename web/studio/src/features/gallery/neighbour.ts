import type { GalleryRow, Placed } from './justify-rows.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The picture a key leads to from another: the next or previous one, or the one above or below whose middle is nearest. The same one at an edge. */
export function neighbourOf<Picture extends Placed>(
  rows: readonly GalleryRow<Picture>[],
  imageId: string,
  direction: Direction,
): string {
  const lines = rows.flatMap((row) => (row.kind === 'pictures' ? [row.pictures] : []));
  const at = lines.findIndex((line) => line.some(({ picture }) => picture.image_id === imageId));
  const line = lines[at];
  if (!line) return imageId;
  const within = line.findIndex(({ picture }) => picture.image_id === imageId);
  switch (direction) {
    case 'left':
      return (line[within - 1] ?? lines[at - 1]?.at(-1))?.picture.image_id ?? imageId;
    case 'right':
      return (line[within + 1] ?? lines[at + 1]?.[0])?.picture.image_id ?? imageId;
    case 'up':
    case 'down': {
      const other = lines[at + (direction === 'down' ? 1 : -1)];
      return (other && nearest(other, middlesOf(line)[within] ?? 0)) ?? imageId;
    }
  }
}

type Line = { picture: Placed; width: number }[];

function middlesOf(line: Line): number[] {
  let left = 0;
  return line.map(({ width }) => {
    left += width;
    return left - width / 2;
  });
}

function nearest(line: Line, middle: number): string | undefined {
  const distances = middlesOf(line).map((its) => Math.abs(its - middle));
  return line[distances.indexOf(Math.min(...distances))]?.picture.image_id;
}
