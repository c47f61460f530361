import { createHash, createHmac } from 'node:crypto';
import { deriveKey } from '../accounts/index.ts';

/**
 * The secret of an invitation: HMAC-SHA-256 over its id, 256 bits in base64url. It is computed where the mail is written and stored nowhere, so a chore may
 * run twice and a copy of the database opens nothing.
 */
export const invitationToken = (secret: string, invitationId: string): string =>
  createHmac('sha256', deriveKey(secret, 'invitation')).update(invitationId).digest('base64url');

/** What is stored of a token. */
export const hashInvitationToken = (token: string): Buffer => createHash('sha256').update(token).digest();
