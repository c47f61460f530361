type Page<Item> = { data: Item[]; next_cursor: string | null };

export type Order = 'newest' | 'oldest';
type Identified = { image_id: string };

/** Takes a picture out of the loaded pages of a list (a draft that may be changed). */
export function removeImage(pages: Page<Identified>[], imageId: string): void {
  for (const page of pages) page.data = page.data.filter((image) => image.image_id !== imageId);
}

/**
 * Puts a picture into the loaded pages of a list where its time belongs: ids sort by time. One that lies beyond the last loaded page is left to the next
 * fetch.
 */
export function insertImage<Image extends Identified>(pages: Page<Image>[], image: Image, order: Order): void {
  const isBefore = (other: Identified): boolean =>
    order === 'newest' ? image.image_id > other.image_id : image.image_id < other.image_id;
  if (pages.some(({ data }) => data.some(({ image_id }) => image_id === image.image_id))) return;
  for (const [at, page] of pages.entries()) {
    const place = page.data.findIndex(isBefore);
    const isEnd = at === pages.length - 1 && page.next_cursor === null;
    if (place === -1 && !isEnd) continue;
    page.data.splice(place === -1 ? page.data.length : place, 0, image);
    return;
  }
}
