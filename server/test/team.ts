import type { Role } from '@pingvas/domain';
import type { MailMessage } from '#adapters/mail/port.ts';
import { createFakeMail } from '#adapters/mail/fake.ts';
import { workspacesChores } from '#features/workspaces/index.ts';
import { aSessionCaller, type Caller, testPublicUrl, testSecret } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';

/** A person with a session who belongs to somebody's workspace; the headers name that workspace. */
export type TeamMember = Caller & { ownWorkspaceId: string };

/** Makes a person and puts them into a workspace. */
export async function aMemberOf(
  db: TestDatabase,
  workspaceId: string,
  role: Role,
  { budget = null, of }: { budget?: number | null; of?: Caller } = {},
): Promise<TeamMember> {
  const person = await aSessionCaller(db, of ? { of } : {});
  await db.owner.pool.query(
    'insert into workspace_member (workspace_id, user_id, role, monthly_credit_budget) values ($1, $2, $3, $4)',
    [workspaceId, person.userId, role, budget],
  );
  return {
    ...person,
    headers: { ...person.headers, 'x-workspace-id': workspaceId },
    workspaceId,
    ownWorkspaceId: person.workspaceId,
  };
}

/** Hands a workspace's outbox rows to their chores, as the jobs process does. Returns a mailbox with what they sent. */
export async function mailsOfTeam(db: TestDatabase, workspaceId: string): Promise<MailMessage[]> {
  const mail = createFakeMail();
  const chores = workspacesChores({
    db: db.app,
    authDb: db.auth,
    secret: testSecret,
    publicUrl: testPublicUrl,
    mail,
  });
  const { rows } = await db.owner.pool.query<{ task: string; payload: unknown }>(
    "delete from public.outbox where payload->>'workspace_id' = $1 returning task, payload",
    [workspaceId],
  );
  // A chore that died is run again.
  for (const { task, payload } of [...rows, ...rows]) await chores[task]?.(payload);
  return mail.messages();
}
