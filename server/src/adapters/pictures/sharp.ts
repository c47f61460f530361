/** The pictures port on sharp (libvips). Our own pictures are handled in this process, strangers' in decoder processes. */
import { availableParallelism } from 'node:os';
import { asPictureError } from './as-picture-error.ts';
import { comparePixels } from './compare-pixels.ts';
import { createDecoderPool, type DecoderPoolOptions } from './decoder-pool.ts';
import { fitInit, fitMask } from './fit-picture.ts';
import { inspectPng } from './inspect-png.ts';
import { createLimiter } from './limiter.ts';
import { makeThumbnails } from './make-thumbnails.ts';
import { writePng } from './png-text.ts';
import { PictureError, type Pictures } from './port.ts';
import { sniffType } from './sniff.ts';

const UPLOAD_BYTES_MAX = 20_000_000;

/** Results may be larger than uploads, since an upscaled picture is. */
const resultLimits = { pixelsMax: 8192 * 8192 };

const decoderDefaults: DecoderPoolOptions = {
  entry: new URL('./decoder-process.ts', import.meta.url),
  limits: {
    pixelsMax: 16_800_000,
    // WEBP holds no longer side, and no useful picture has one.
    sideMax: 16_383,
    rssBytesMax: 512_000_000,
    picturesMax: 100,
  },
  size: Math.min(2, availableParallelism()),
  timeoutMs: 10_000,
  startTimeoutMs: 30_000,
  waitingMax: 1_000,
  waitingBytesMax: 200_000_000,
  idleMs: 30_000,
};

export type PicturesOptions = {
  /** Pictures of our own handled at once, one thread each; by default as many as there are processors, at most four. */
  picturesAtOnce?: number;
  /** Whatever differs from the defaults for uploads. */
  decoders?: Partial<DecoderPoolOptions>;
};

/** Starts nothing: the first upload starts the first decoder process. */
export function createPictures(options: PicturesOptions = {}): Pictures {
  const decoders = createDecoderPool({ ...decoderDefaults, ...options.decoders });
  const limiter = createLimiter(options.picturesAtOnce ?? Math.min(4, availableParallelism()));
  const guarded = <T>(task: () => Promise<T>): Promise<T> =>
    limiter(async () => {
      try {
        return await task();
      } catch (error) {
        throw asPictureError(error);
      }
    });
  return {
    thumbnails: (png) => guarded(() => makeThumbnails(png, resultLimits)),
    inspectPng: (png) => guarded(() => inspectPng(png, resultLimits)),
    writePng,
    async decodeUpload(bytes) {
      // Cheap answers first: junk costs neither a process nor a place in the queue.
      if (bytes.length > UPLOAD_BYTES_MAX) throw new PictureError('too_large', `${bytes.length} bytes`);
      if (sniffType(bytes) === undefined) throw new PictureError('unsupported_type', 'not a PNG, JPEG or WEBP');
      return decoders.decode(bytes);
    },
    fitInit: (png, width, height) => guarded(() => fitInit(png, width, height)),
    fitMask: (png, width, height) => guarded(() => fitMask(png, width, height)),
    comparePixels: (one, other) => guarded(() => comparePixels(one, other, resultLimits)),
    close: () => decoders.close(),
  };
}
