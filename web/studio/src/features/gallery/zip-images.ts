import { downloadZip } from 'client-zip';
import { ownPath } from '../../api/own-path.ts';

export type Downloadable = { image_id: string; url: string; created_at: string };

/** What a picture is called on the reader's disk: sorts by time, and says where it is from. */
export const fileNameOf = ({ image_id, created_at }: Downloadable): string =>
  `pingvas-${created_at.slice(0, 10)}-${image_id.slice(-8)}.png`;

/**
 * Fetches the originals one after the other and packs them into one ZIP, uncompressed (PNGs are already). `onProgress` hears how many are in. Throws when a
 * picture does not come or `signal` aborts: a ZIP that lacks pictures would look whole.
 */
export async function zipImages(
  images: readonly Downloadable[],
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  async function* files() {
    for (const [at, image] of images.entries()) {
      const answer = await fetch(ownPath(image.url), { signal });
      if (!answer.ok) throw new Error(`${fileNameOf(image)}: ${answer.status}`);
      yield { name: fileNameOf(image), lastModified: new Date(image.created_at), input: answer };
      onProgress(at + 1);
    }
  }
  return downloadZip(files()).blob();
}

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
