import type { Database } from '#platform/db/database.ts';
import type { Language } from '#platform/http/language.ts';

export type PersonFacts = { id: string; email: string; name: string; language: Language };

/** Names, addresses and languages of people by id; who has no account any more is missing. */
export async function findPeople(authDb: Database, userIds: string[]): Promise<Map<string, PersonFacts>> {
  if (userIds.length === 0) return new Map();
  const rows = await authDb.kysely
    .selectFrom('auth.user')
    .select(['id', 'email', 'name', 'locale'])
    .where('id', 'in', userIds)
    .execute();
  return new Map(
    rows.map(({ locale, ...person }) => [person.id, { ...person, language: locale === 'ko' ? 'ko' : 'en' }]),
  );
}

/** The id of the account with this address, if there is one. */
export async function findUserIdByEmail(authDb: Database, email: string): Promise<string | undefined> {
  const row = await authDb.kysely.selectFrom('auth.user').select('id').where('email', '=', email).executeTakeFirst();
  return row?.id;
}
