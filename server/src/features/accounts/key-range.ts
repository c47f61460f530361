import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import type { KeyRange } from './api-keys.queries.ts';

/** The keys a person manages: owners and admins all of the workspace, members their own. Throws `role_not_allowed` for viewers, `session_required` for keys. */
export function keyRangeOf(actor: Actor): KeyRange {
  if (actor.kind === 'key') throw new AppError('session_required');
  if (actor.role === 'viewer') throw new AppError('role_not_allowed');
  return { workspaceId: actor.workspaceId, createdBy: actor.role === 'member' ? actor.userId : undefined };
}
