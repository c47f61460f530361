import { sql } from 'kysely';
import type { Plan, Role, Scope } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';

/** A workspace as one of its members sees it. */
export type Membership = {
  workspace_id: string;
  name: string;
  kind: 'personal' | 'team';
  role: Role;
  plan: Plan;
  suspended: boolean;
};

/** A person behind a session or an access token; the personal workspace comes first. */
export type Person = {
  session_id: string;
  user_id: string;
  email: string;
  name: string;
  locale: 'ko' | 'en';
  email_verified: boolean;
  epoch: number;
  workspaces: Membership[];
};

/** The person of a session cookie's token or of an access token's family, or undefined when that sign-in has ended. */
export async function findPerson(
  db: Database,
  by: { sessionToken: string } | { familyId: string },
): Promise<Person | undefined> {
  const call =
    'sessionToken' in by
      ? sql<{ person: Person | null }>`select public.find_caller(${by.sessionToken}, null) as person`
      : sql<{ person: Person | null }>`select public.find_caller(null, ${by.familyId}::uuid) as person`;
  const { rows } = await call.execute(db.kysely);
  return rows[0]?.person ?? undefined;
}

export type KeyCaller = {
  key_id: string;
  workspace_id: string;
  user_id: string;
  scopes: Scope[];
  plan: Plan;
  suspended: boolean;
  role: Role;
};

/** The live API key with this hash, or undefined. */
export async function findKeyCaller(db: Database, hash: Buffer): Promise<KeyCaller | undefined> {
  const { rows } = await sql<KeyCaller>`select * from public.find_api_key(${hash})`.execute(db.kysely);
  return rows[0];
}
