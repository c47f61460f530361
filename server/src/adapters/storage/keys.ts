/** The names of everything we store. Pure: who needs a key builds it here, who finds one reads it back here. */
import { assertStorageKey, assertStoragePrefix } from './assert-storage-key.ts';

/** Sides of the square a thumbnail fits into, in pixels. */
export const thumbnailSizes = [512, 256] as const;
export type ThumbnailSize = (typeof thumbnailSizes)[number];

/** One attempt at a generation: what its objects are named after, so that a stale attempt can never overwrite a paid picture. */
export type AttemptRef = { workspaceId: string; generationId: string; attempt: number };

/** Key of picture `index` (from 0) of an attempt. @throws StorageKeyError when an id has no place in a key. */
export function resultKey(ref: AttemptRef & { index: number }): string {
  return checked(
    `ws/${one(ref.workspaceId)}/gen/${one(ref.generationId)}-${count(ref.attempt)}-${count(ref.index)}.png`,
  );
}

/** Key of the preview of a running attempt; each preview overwrites the one before. @throws StorageKeyError */
export function previewKey(ref: AttemptRef, format: 'webp' | 'png'): string {
  return checked(`ws/${one(ref.workspaceId)}/preview/${one(ref.generationId)}-${count(ref.attempt)}.${format}`);
}

/** Key of an uploaded picture after re-encoding. @throws StorageKeyError */
export function uploadKey(ref: { workspaceId: string; imageId: string }): string {
  return checked(`ws/${one(ref.workspaceId)}/upload/${one(ref.imageId)}.png`);
}

/** Key of the thumbnail that belongs to a result or an upload. @throws StorageKeyError when `originalKey` is not a PNG of ours. */
export function thumbnailKey(originalKey: string, size: ThumbnailSize): string {
  return checked(originalKey.endsWith('.png') ? `${originalKey.slice(0, -'.png'.length)}.${size}.webp` : '');
}

/** Prefix of all that a workspace has stored, or of one kind of it. @throws StorageKeyError */
export function workspacePrefix(workspaceId: string, kind?: 'gen' | 'preview' | 'upload'): string {
  const prefix = kind === undefined ? `ws/${one(workspaceId)}/` : `ws/${one(workspaceId)}/${kind}/`;
  assertStoragePrefix(prefix);
  return prefix;
}

/** The content type that an object of ours is stored and served with: fixed by us, never told by an uploader. */
export function contentTypeOf(key: string): 'image/png' | 'image/webp' | 'application/octet-stream' {
  if (key.endsWith('.png')) return 'image/png';
  return key.endsWith('.webp') ? 'image/webp' : 'application/octet-stream';
}

const ATTEMPT_KEY =
  /^ws\/(?<workspaceId>[^/]+)\/(?:gen\/(?<result>[^/.]+)-(?<resultAttempt>\d{1,9})-(?<index>\d{1,9})(?:[.]png|[.]\d+[.]webp)|preview\/(?<preview>[^/.]+)-(?<previewAttempt>\d{1,9})[.](?:png|webp))$/;

/**
 * Which attempt an object belongs to, for the sweep of what a dead attempt left behind; undefined for uploads and everything else.
 * `index` is the picture's number, null for a preview.
 */
export function parseAttemptKey(key: string): (AttemptRef & { index: number | null }) | undefined {
  const groups = ATTEMPT_KEY.exec(key)?.groups;
  if (groups === undefined) return undefined;
  const { workspaceId = '', result, resultAttempt, index, preview = '', previewAttempt } = groups;
  return result === undefined
    ? { workspaceId, generationId: preview, attempt: Number(previewAttempt), index: null }
    : { workspaceId, generationId: result, attempt: Number(resultAttempt), index: Number(index) };
}

/** An id must be one word: a dot in it could imitate another object's name, a slash another workspace's. */
function one(id: string): string {
  return /^[a-z0-9_-]+$/.test(id) ? id : '/';
}

/** A number that is not a count would be spelled with characters that keys have for other ends, or in two ways. */
function count(value: number): string {
  return Number.isSafeInteger(value) && value >= 0 && value < 1e9 ? String(value) : '/';
}

function checked(key: string): string {
  assertStorageKey(key);
  return key;
}
