import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';

/** The caller as a person whose address is proven. Throws `session_required` for keys, `email_not_verified`. */
export function verifiedPerson(actor: Actor): Exclude<Actor, { kind: 'key' }> {
  if (actor.kind === 'key') throw new AppError('session_required');
  if (!actor.emailVerified) throw new AppError('email_not_verified');
  return actor;
}
