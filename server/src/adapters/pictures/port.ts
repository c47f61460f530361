/** The pictures port: everything that touches pixels or the inside of a picture file. */

export type PictureSize = { width: number; height: number };

/** Side of the square a thumbnail fits into, in pixels, to its WEBP. Never larger than the picture itself. */
export type Thumbnails = { 512: Uint8Array; 256: Uint8Array };

/** What a result carries for whoever holds the file. Text is kept as UTF-8, so prompts in any script survive. */
export type PngMarks = {
  /** Canonical JSON of the recipe. */
  recipe: string;
  /** Name and version of the program that made the picture. */
  software: string;
};

/**
 * Why a picture was refused. All but `timed_out` and `busy` are final for the same bytes.
 * `corrupt` includes a file on which the decoder died; `too_many_pixels` includes a side longer than any canvas (16,383).
 */
export type PictureErrorCode =
  'unsupported_type' | 'animated' | 'too_large' | 'too_many_pixels' | 'corrupt' | 'timed_out' | 'busy';

/** A picture was refused. The message is for the log: it may quote a decoder and is never shown to a user. */
export class PictureError extends Error {
  readonly code: PictureErrorCode;
  constructor(code: PictureErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PictureError';
    this.code = code;
  }
}

export type PixelComparison = { identical: boolean; distance: number };

export interface Pictures {
  /** WEBP thumbnails of one of our PNGs. Throws `PictureError`. */
  thumbnails(png: Uint8Array): Promise<Thumbnails>;
  /** Decodes the whole of an engine's PNG and returns its size in pixels. Throws `PictureError` when any of it is broken. */
  inspectPng(png: Uint8Array): Promise<PictureSize>;
  /**
   * The same pixels, byte for byte as they were compressed, without anything the engine wrote beside them (text, time, EXIF, animation, whatever follows
   * the end) and with our own marks: the recipe and that it is AI-generated. Throws `PictureError('corrupt')` when the chunks do not hold together.
   */
  writePng(png: Uint8Array, marks: PngMarks): Uint8Array;
  /**
   * Turns a stranger's PNG, JPEG or WEBP into a plain PNG: upright, sRGB, 8 bit, no metadata. It is decoded in a child process that may die.
   * Throws `PictureError`; `busy` when too much is waiting already.
   */
  decodeUpload(bytes: Uint8Array): Promise<{ png: Uint8Array } & PictureSize>;
  /** A picture scaled to cover the canvas and cropped around its centre; transparent parts on white. Throws `PictureError`. */
  fitInit(png: Uint8Array, width: number, height: number): Promise<Uint8Array>;
  /** A mask fitted like the picture it belongs to, then black and white: white = luminance of at least 50 %. Alpha is ignored. Throws `PictureError`. */
  fitMask(png: Uint8Array, width: number, height: number): Promise<Uint8Array>;
  /**
   * Holds two of our pictures against each other: `identical` when they decode to the same pixels, and how far they are apart to the eye, 0 (nothing) to 1
   * (black and white): the root mean square of the differences of their colours, both scaled to 64 × 64. Throws `PictureError` when one does not decode.
   */
  comparePixels(one: Uint8Array, other: Uint8Array): Promise<PixelComparison>;
  /** Ends the decoder processes; what still waits is refused with `busy`. */
  close(): Promise<void>;
}
