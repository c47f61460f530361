import { test } from '#test/database.ts';
import { mailContract } from './mail.contract.ts';
import { createMailbox } from './mailbox.ts';

for (const { guarantee, holds } of mailContract) {
  test(guarantee, async ({ db }) => {
    await holds({
      mail: createMailbox(db.app),
      deliveredTo: async (address) => {
        const rows = await db.app.kysely
          .selectFrom('mail_message')
          .selectAll()
          .where('recipient', '=', address)
          .execute();
        return rows.map((row) => ({
          messageId: row.message_id,
          to: row.recipient,
          subject: row.subject,
          text: row.text_body,
          html: row.html_body,
        }));
      },
    });
  });
}
