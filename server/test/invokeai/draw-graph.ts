import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Graph } from '#adapters/engine/invokeai/graph/graph.ts';

type Nodes = Graph['nodes'];
export type StoredImage = { png: Buffer; width: number; height: number; sessionId: string | null };

const CELLS = 3;
const numberOf = (value: unknown): number => Number(value);
const nameIn = (value: unknown): string | undefined =>
  (value as { image_name?: string } | null | undefined)?.image_name;

/** Nine colours that follow from every value of a graph but the names of its pictures. */
function coloursOf(nodes: Nodes): Buffer {
  const values = JSON.stringify(nodes, (_, value: unknown) => (nameIn(value) === undefined ? value : 'picture'));
  return createHash('sha256')
    .update(values)
    .digest()
    .subarray(0, CELLS * CELLS * 3);
}

const rgb = (image: StoredImage): Promise<Buffer> =>
  sharp(image.png).removeAlpha().toColourspace('srgb').raw().toBuffer();

/** 255 where the graph repaints: its masks are black there, and an outpaint's init is transparent. */
async function repaintOf(nodes: Nodes, images: ReadonlyMap<string, StoredImage>): Promise<Buffer | null> {
  if (!nodes['gradient']) return null;
  const mask = images.get(nameIn(nodes['gradient']['mask']) ?? nameIn(nodes['masks']?.['mask1']) ?? '');
  const black = mask && (await sharp(mask.png).greyscale().negate().toColourspace('b-w').raw().toBuffer());
  const init = nodes['margin'] && images.get(nameIn(nodes['margin']['image']) ?? '');
  const alpha = init && (await sharp(init.png).ensureAlpha().extractChannel(3).negate().raw().toBuffer());
  if (!black || !alpha) return black ?? alpha ?? null;
  return Buffer.from(black.map((value, i) => Math.max(value, alpha[i] ?? 0)));
}

/** What a graph of ours gives: a patchwork of its own colours, mixed with its init picture and kept outside its mask. */
export async function drawGraph(
  { nodes }: Graph,
  images: ReadonlyMap<string, StoredImage>,
): Promise<{ png: Buffer; width: number; height: number }> {
  const output = nodes['output'];
  const initName = nameIn((nodes['infill'] ?? nodes['encode'] ?? output)?.['image']);
  const init = initName === undefined ? undefined : images.get(initName);
  if (output?.type === 'spandrel_image_to_image_autoscale') {
    if (!init) throw new Error('ImageRecordNotFoundException');
    const size = { width: init.width * numberOf(output['scale']), height: init.height * numberOf(output['scale']) };
    return {
      ...size,
      png: await sharp(init.png)
        .resize({ ...size, kernel: 'nearest' })
        .png()
        .toBuffer(),
    };
  }
  const sized = nodes['noise'] ?? nodes['denoise'];
  const [width, height] = [numberOf(sized?.['width']), numberOf(sized?.['height'])];
  const drawn = await sharp(coloursOf(nodes), { raw: { width: CELLS, height: CELLS, channels: 3 } })
    .resize(width, height, { kernel: 'nearest', fit: 'fill' })
    .raw()
    .toBuffer();
  const strength = 1 - numberOf(nodes['denoise']?.['denoising_start'] ?? 0);
  const before = init && (await rgb(init));
  const repaint = await repaintOf(nodes, images);
  const data = drawn.map((value, i) => {
    const old = before?.[i] ?? value;
    return repaint && (repaint[Math.floor(i / 3)] ?? 0) < 128 ? old : Math.round(old + strength * (value - old));
  });
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    // As the real server does: the whole graph, words included, in the picture.
    .withExif({ IFD0: { ImageDescription: JSON.stringify(nodes).slice(0, 500) } })
    .toBuffer();
  return { png, width, height };
}
