/** What the rest of the server may know of picture handling: the interface, its errors and the reader of what we write into a PNG. */
export type { Pictures, PictureErrorCode, PictureSize, PngMarks, Thumbnails } from './port.ts';
export { PictureError } from './port.ts';
export { readPngText } from './png-text.ts';
