import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import type { Call } from '#platform/http/caller.ts';
import { isId } from '#platform/http/schemas.ts';
import { hashApiKey, isApiKey } from './api-key-secret.ts';
import { sessionCookieName } from './auth.ts';
import type { AccountsDeps } from './deps.ts';
import { findKeyCaller, findPerson, type Person } from './find-caller.ts';
import { openCookie, readCookie } from './session-cookie.ts';
import { noteKeyUse } from './note-key-use.ts';

type Needs = Pick<AccountsDeps, 'db' | 'accessTokens' | 'callers' | 'publicUrl' | 'secret' | 'log' | 'clock'>;

/**
 * Finds out who calls: an API key or an access token (`Authorization: Bearer`), else the session cookie. Resolves to undefined when none is shown.
 * Whether the session, the membership and the key still stand is asked at every call, remembered for a second at most.
 * Throws `unauthenticated` for a credential that is wrong, expired or ended; `not_found` for a workspace that is not the caller's.
 */
export async function resolveActor(deps: Needs, { headers, workspaceId }: Call): Promise<Actor | undefined> {
  if (headers.authorization !== undefined) {
    const token = /^bearer +([\w.~+/-]+=*)$/i.exec(headers.authorization)?.[1];
    if (token === undefined || token.length > 4_000) throw new AppError('unauthenticated');
    return token.startsWith('pv_') ? keyActor(deps, token, workspaceId) : tokenActor(deps, token, workspaceId);
  }
  const cookie = readCookie(headers.cookie, sessionCookieName(deps.publicUrl));
  if (cookie === undefined) return undefined;
  // The signature is Better Auth's: a token read from the database is no session.
  const sessionToken = openCookie(cookie, deps.secret);
  const person =
    sessionToken && (await deps.callers.find(`session:${sessionToken}`, () => findPerson(deps.db, { sessionToken })));
  if (!person) throw new AppError('unauthenticated');
  return personActor('session', person, workspaceId);
}

async function keyActor(deps: Needs, secret: string, workspaceId: string | undefined): Promise<Actor> {
  // The check digits are looked at first: a typo or a guess costs no query.
  if (!isApiKey(secret)) throw new AppError('unauthenticated');
  const hash = hashApiKey(secret);
  const key = await deps.callers.find(`key:${hash.toString('hex')}`, () => findKeyCaller(deps.db, hash));
  if (!key) throw new AppError('unauthenticated');
  if (workspaceId !== undefined && workspaceId !== key.workspace_id) throw new AppError('not_found');
  noteKeyUse(deps, { keyId: key.key_id, workspaceId: key.workspace_id });
  return {
    kind: 'key',
    keyId: key.key_id,
    userId: key.user_id,
    workspaceId: key.workspace_id,
    plan: key.plan,
    suspended: key.suspended,
    role: key.role,
    scopes: key.scopes,
  };
}

async function tokenActor(deps: Needs, token: string, workspaceId: string | undefined): Promise<Actor> {
  const { userId, familyId, epoch } = await deps.accessTokens.verify(token);
  const person = await deps.callers.find(`family:${familyId}`, () => findPerson(deps.db, { familyId }));
  if (person?.user_id !== userId || person.epoch !== epoch) throw new AppError('unauthenticated');
  return personActor('jwt', person, workspaceId);
}

function personActor(kind: 'session' | 'jwt', person: Person, workspaceId: string | undefined): Actor {
  const workspace =
    workspaceId === undefined
      ? person.workspaces[0]
      : isId(workspaceId)
        ? person.workspaces.find(({ workspace_id: id }) => id === workspaceId)
        : undefined;
  if (!workspace) throw new AppError('not_found');
  return {
    kind,
    sessionId: person.session_id,
    userId: person.user_id,
    email: person.email,
    emailVerified: person.email_verified,
    workspaceIds: person.workspaces.map(({ workspace_id: id }) => id),
    workspaceId: workspace.workspace_id,
    plan: workspace.plan,
    suspended: workspace.suspended,
    role: workspace.role,
    scopes: ['read', 'generate'],
  };
}
