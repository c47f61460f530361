import { type Action, may, type Plan, type Role } from '@pingvas/domain';
import { AppError } from './errors.ts';

export type { Plan, Role } from '@pingvas/domain';

/** Who calls, as established once at the edge. */
export type Scope = 'read' | 'generate';

export type Actor = {
  workspaceId: string;
  plan: Plan;
  /** The workspace is suspended: reading is allowed, spending is not. */
  suspended: boolean;
  role: Role;
  scopes: readonly Scope[];
} & (
  | { kind: 'key'; keyId: string; userId: string }
  /** First-party: the session cookie or a JWT. `workspaceIds` are all workspaces this person belongs to. */
  | {
      kind: 'session' | 'jwt';
      sessionId: string;
      userId: string;
      email: string;
      emailVerified: boolean;
      workspaceIds: readonly string[];
    }
);

/** The workspaces in which the caller may find a thing by its id: the present one first; a key has only its own. */
export function workspacesOf(actor: Actor): string[] {
  if (actor.kind === 'key') return [actor.workspaceId];
  return [actor.workspaceId, ...actor.workspaceIds.filter((workspaceId) => workspaceId !== actor.workspaceId)];
}

/** Throws `role_not_allowed` when a role does not allow an action. */
export function permit({ role }: { role: Role }, action: Action): void {
  if (!may(role, action)) throw new AppError('role_not_allowed');
}
