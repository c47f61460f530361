import { may } from '@pingvas/domain';
import { type Actor, permit } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import type { KeyRange } from './api-keys.queries.ts';

/** The keys a person manages: owners and admins all of the workspace, members their own. Throws `role_not_allowed` for viewers, `session_required` for keys. */
export function keyRangeOf(actor: Actor): KeyRange {
  if (actor.kind === 'key') throw new AppError('session_required');
  permit(actor, 'manage_own_keys');
  return { workspaceId: actor.workspaceId, createdBy: may(actor.role, 'manage_all_keys') ? undefined : actor.userId };
}
