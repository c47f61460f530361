/** What a decoder process and its parent say to each other. */
import type { DecodedPicture, PixelLimits } from './decode-picture.ts';
import type { PictureErrorCode } from './port.ts';

/** To the decoder: one picture. It gets the next only after it answered. */
export type DecodeRequest = { bytes: Uint8Array };

/** From the decoder. `retire`: it has done enough or grown too large and wants to be replaced. */
export type DecoderAnswer =
  | { kind: 'ready' }
  | ({ kind: 'decoded'; retire: boolean } & DecodedPicture)
  | { kind: 'refused'; code: PictureErrorCode; message: string; retire: boolean };

/** Limits a decoder is started with, as its only argument in JSON: memory in bytes, pictures until it retires. */
export type DecoderLimits = PixelLimits & { rssBytesMax: number; picturesMax: number };
