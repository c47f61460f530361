import type { Database } from '#platform/db/database.ts';

export type StoredMail = { id: string; to: string; subject: string; text: string; html: string; createdAt: Date };

/** The newest messages of the development mailbox. */
export async function listMails(db: Database, limit: number): Promise<StoredMail[]> {
  const rows = await db.kysely
    .selectFrom('mail_message')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('message_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toMail);
}

/** One message, or undefined. */
export async function findMail(db: Database, id: string): Promise<StoredMail | undefined> {
  const row = await db.kysely.selectFrom('mail_message').selectAll().where('message_id', '=', id).executeTakeFirst();
  return row && toMail(row);
}

type Row = {
  message_id: string;
  recipient: string;
  subject: string;
  text_body: string;
  html_body: string;
  created_at: Date;
};
const toMail = (row: Row): StoredMail => ({
  id: row.message_id,
  to: row.recipient,
  subject: row.subject,
  text: row.text_body,
  html: row.html_body,
  createdAt: row.created_at,
});
