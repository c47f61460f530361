import { PictureError } from './port.ts';

/** What libvips throws, as the one error of the port; the original stays its cause. */
export function asPictureError(error: unknown): PictureError {
  if (error instanceof PictureError) return error;
  const message = error instanceof Error ? error.message : 'unknown failure';
  return new PictureError(message.includes('pixel limit') ? 'too_many_pixels' : 'corrupt', message, { cause: error });
}
