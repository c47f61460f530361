import { sql } from 'kysely';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import type { AccountsDeps } from './deps.ts';
import type { SignIn } from './sessions.schemas.ts';

/**
 * The live sign-ins of the caller, newest first: cookie sessions of browsers, refresh families of programs. Never their tokens.
 * The cursor is the last id of the page before. Throws `invalid_request` for any other.
 */
export async function listSessions(
  { authDb }: Pick<AccountsDeps, 'authDb'>,
  actor: Actor,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: SignIn[]; next_cursor: string | null }> {
  if (page.cursor !== undefined && !isId(page.cursor)) {
    throw new AppError('invalid_request', { errors: [{ pointer: '/cursor', detail: 'Not a cursor of ours' }] });
  }
  const { kysely } = authDb;
  const browsers = kysely
    .selectFrom('auth.session')
    .select(['id', sql<SignIn['kind']>`'browser'`.as('kind'), 'ip_address', 'user_agent', 'created_at', 'expires_at'])
    .where('user_id', '=', actor.userId)
    .where('expires_at', '>', sql<Date>`now()`);
  const programs = kysely
    .selectFrom('auth.refresh_family')
    .select([
      sql<string>`family_id::text`.as('id'),
      sql<SignIn['kind']>`'program'`.as('kind'),
      sql<string | null>`null::text`.as('ip_address'),
      sql<string | null>`null::text`.as('user_agent'),
      'created_at',
      'expires_at',
    ])
    .where('user_id', '=', actor.userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`);
  const rows = await kysely
    .selectFrom(browsers.unionAll(programs).as('sign_in'))
    .selectAll()
    // Ids sort by time.
    .$if(page.cursor !== undefined, (query) => query.where('id', '<', page.cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  const current = 'sessionId' in actor ? actor.sessionId : undefined;
  const data = rows.slice(0, page.limit).map(({ id, created_at: createdAt, expires_at: expiresAt, ...row }) => ({
    ...row,
    session_id: id,
    current: id === current,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  }));
  return { data, next_cursor: rows.length > page.limit ? (data.at(-1)?.session_id ?? null) : null };
}
