/** What a place in the grid needs to know of a picture. */
export type Placed = { image_id: string; width: number; height: number; created_at: string };

/** A line of the gallery: the head of a month, or pictures side by side. `height` and `width` in CSS pixels. */
export type GalleryRow<Picture extends Placed> =
  | { kind: 'month'; month: string; height: number }
  | { kind: 'pictures'; height: number; pictures: { picture: Picture; width: number }[] };

export type Measures = { width: number; rowHeight: number; gap: number; headHeight: number };

/**
 * Lays pictures out in justified rows under the heads of their months: every full row is as wide as the page, no higher than `rowHeight`, and no picture
 * is cut. The last row of a month keeps `rowHeight` and ends where its pictures end. `monthOf` names the month of a time in the reader's time zone.
 * Linear in the number of pictures.
 */
export function justifyRows<Picture extends Placed>(
  pictures: readonly Picture[],
  { width, rowHeight, gap, headHeight }: Measures,
  monthOf: (createdAt: string) => string,
): GalleryRow<Picture>[] {
  const rows: GalleryRow<Picture>[] = [];
  let month: string | undefined;
  let open: Picture[] = [];
  let ratios = 0;

  const close = (isFull: boolean): void => {
    if (open.length === 0) return;
    const fitting = (width - gap * (open.length - 1)) / ratios;
    const height = isFull ? fitting : Math.min(fitting, rowHeight);
    rows.push({
      kind: 'pictures',
      height,
      pictures: open.map((picture) => ({ picture, width: height * ratioOf(picture) })),
    });
    open = [];
    ratios = 0;
  };

  for (const picture of pictures) {
    const its = monthOf(picture.created_at);
    if (its !== month) {
      close(false);
      month = its;
      rows.push({ kind: 'month', month, height: headHeight });
    }
    open.push(picture);
    ratios += ratioOf(picture);
    if ((width - gap * (open.length - 1)) / ratios <= rowHeight) close(true);
  }
  close(false);
  return rows;
}

/** Very long pictures are shown as if they were three times as long as wide, so that none is a sliver. */
const ratioOf = ({ width, height }: Placed): number => Math.min(Math.max(width / height, 1 / 3), 3);
