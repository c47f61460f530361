/** Entry of a decoder process: one picture after the other, until it is ended or dies. It knows no secret and opens no file. */
import { asPictureError } from './as-picture-error.ts';
import { decodePicture } from './decode-picture.ts';
import type { DecodeRequest, DecoderAnswer, DecoderLimits } from './decoder-messages.ts';
import { dieAboveRss } from './die-above-rss.ts';

const limits = JSON.parse(process.argv[2] ?? '') as DecoderLimits;
let pictures = 0;

async function answer(bytes: Uint8Array): Promise<DecoderAnswer> {
  pictures += 1;
  // libvips and malloc keep what a large picture needed; a fresh process is the only sure way to give it back.
  const retire = () => pictures >= limits.picturesMax || process.memoryUsage.rss() > limits.rssBytesMax / 2;
  try {
    return { kind: 'decoded', ...(await decodePicture(bytes, limits)), retire: retire() };
  } catch (error) {
    const { code, message } = asPictureError(error);
    return { kind: 'refused', code, message, retire: retire() };
  }
}

dieAboveRss(limits.rssBytesMax);
process.on('message', ({ bytes }: DecodeRequest) => {
  void answer(bytes).then((message) => process.send?.(message));
});
// The parent is gone, however it went. A clean exit would wait for libvips to finish first.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C reaches the whole process group; the parent finishes its answers first and ends us itself.
process.on('SIGINT', () => undefined);
process.send?.({ kind: 'ready' } satisfies DecoderAnswer);
