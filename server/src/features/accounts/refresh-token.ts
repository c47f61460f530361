import { createHash, randomBytes } from 'node:crypto';

const start = 'pvr_';

/** A new refresh token: 256 random bits. Only its hash is stored. */
export const makeRefreshToken = (): string => start + randomBytes(32).toString('base64url');

export const hashRefreshToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** True when a text can be one of ours; anything else needs no query. */
export const isRefreshToken = (text: string): boolean => /^pvr_[\w-]{43}$/.test(text);
