/** What the rest of the server may know of storage: the interface and the names of our objects. */
export type { Storage, StoredObject } from './port.ts';
export type { AttemptRef, ThumbnailSize } from './keys.ts';
export {
  contentTypeOf,
  parseAttemptKey,
  previewKey,
  resultKey,
  thumbnailKey,
  thumbnailSizes,
  uploadKey,
} from './keys.ts';
