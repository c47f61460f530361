import type { PictureSize } from './port.ts';

export type Box = PictureSize & { left: number; top: number };

/**
 * The centred part of `source` that has the shape of `target`, in whole source pixels, at least 1 x 1. Cropping before scaling gives the
 * same picture as scaling to cover and cropping then, but a line of 16,000 x 1 is not first scaled to a surface of billions of pixels.
 */
export function coverCrop(source: PictureSize, target: PictureSize): Box {
  const wider = source.width * target.height > source.height * target.width;
  const width = wider ? atLeastOne((source.height * target.width) / target.height) : source.width;
  const height = wider ? source.height : atLeastOne((source.width * target.height) / target.width);
  return {
    left: Math.floor((source.width - width) / 2),
    top: Math.floor((source.height - height) / 2),
    width,
    height,
  };
}

function atLeastOne(length: number): number {
  return Math.max(1, Math.round(length));
}
