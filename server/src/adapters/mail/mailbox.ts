import type { Database } from '#platform/db/database.ts';
import type { Mail } from './port.ts';

/** Keeps every message in the database for the page on /dev/mail: what development has instead of a provider. */
export function createMailbox(db: Database): Mail {
  return {
    async send({ messageId, to, subject, text, html }) {
      await db.kysely
        .insertInto('mail_message')
        .values({ message_id: messageId, recipient: to, subject, text_body: text, html_body: html })
        .onConflict((conflict) => conflict.column('message_id').doNothing())
        .execute();
    },
  };
}
