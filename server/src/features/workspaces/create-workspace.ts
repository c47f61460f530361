import { sql } from 'kysely';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { type Idempotency, type Replayable, withIdempotency } from '#platform/http/idempotency.ts';
import { newId } from '#platform/new-id.ts';
import type { WorkspacesDeps } from './deps.ts';
import { verifiedPerson } from './verified-person.ts';
import { notifyAccess, selectWorkspaces, workspaceView } from './workspaces.queries.ts';
import type { Workspace } from './workspaces.schemas.ts';

/**
 * Makes a team workspace of the caller. It is on plan Free without credits and without seats until its plan is paid, so a person has at most one such at a
 * time. Throws `email_not_verified`, `unpaid_workspace_exists`, and what idempotency throws.
 */
export async function createWorkspace(
  { db, callers }: Pick<WorkspacesDeps, 'db' | 'callers'>,
  actor: Actor,
  input: { name: string },
  idempotency?: Idempotency,
): Promise<Replayable<Workspace>> {
  const { userId } = verifiedPerson(actor);
  const answer = await withIdempotency<Workspace>(
    db,
    { workspaceId: actor.workspaceId, userId },
    idempotency,
    async (tx) => {
      // The lock of all that a person makes: their personal workspace.
      await tx
        .selectFrom('workspace')
        .select('workspace_id')
        .where('owner_user_id', '=', userId)
        .where('kind', '=', 'personal')
        .forNoKeyUpdate()
        .execute();
      const unpaid = await tx
        .selectFrom('workspace')
        .select('workspace_id')
        .where('owner_user_id', '=', userId)
        .where('kind', '=', 'team')
        .where('plan', '=', 'free')
        .executeTakeFirst();
      if (unpaid) throw new AppError('unpaid_workspace_exists', { facts: { workspace_id: unpaid.workspace_id } });
      const workspaceId = newId();
      await sql`select public.create_workspace(${workspaceId}::uuid, 'team', ${input.name}, ${userId}, now())`.execute(
        tx,
      );
      await notifyAccess(tx);
      const row = await selectWorkspaces(tx, userId)
        .where('workspace.workspace_id', '=', workspaceId)
        .executeTakeFirstOrThrow();
      return { status: 201, body: workspaceView(row) };
    },
  );
  callers.forget();
  return answer;
}
