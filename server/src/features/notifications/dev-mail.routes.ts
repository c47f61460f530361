import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '#platform/db/database.ts';
import { AppError } from '#platform/errors.ts';
import { isLoopbackHost } from '#platform/http/hosts.ts';
import type { Routes } from '#platform/http/route.ts';
import { Instant } from '#platform/http/schemas.ts';
import { mailboxPage, messagePage } from './dev-mail-page.ts';
import { findMail, listMails, type StoredMail } from './dev-mail.queries.ts';

const Summary = { id: z.string(), to: z.string(), subject: z.string(), created_at: Instant };
const Message = z
  .object({ ...Summary, text: z.string(), html: z.string(), links: z.array(z.string()) })
  .meta({ id: 'DevMailMessage' });
const Messages = z
  .object({ data: z.array(z.object(Summary).meta({ id: 'DevMailSummary' })) })
  .meta({ id: 'DevMailMessages' });

const shownMax = 200;

/** The development mailbox: a page for people, JSON for programs. Never registered in production. */
export function devMailRoutes({ db }: { db: Database }): Routes {
  return (app) => {
    // Whoever reads this mailbox owns every account: only this machine, and only by a local name (another site's page cannot have one).
    app.addHook('onRequest', async (request) => {
      if (!isLoopbackAddress(request) || !isLoopbackHost(request.headers.host)) throw new AppError('not_found');
    });
    const config = { access: 'public', limit: 'none' } as const;

    app.get('/dev/mail', { config, schema: { hide: true } }, async (_request, reply) => {
      return reply.type('text/html; charset=utf-8').send(mailboxPage(await listMails(db, shownMax)));
    });
    app.get('/dev/mail/messages', { config, schema: { hide: true, response: { 200: Messages } } }, async () => ({
      data: (await listMails(db, shownMax)).map(summaryOf),
    }));
    app.get(
      '/dev/mail/messages/:id',
      { config, schema: { hide: true, params: z.object({ id: z.string().max(200) }), response: { 200: Message } } },
      async (request) => {
        const mail = await findMail(db, request.params.id);
        if (!mail) throw new AppError('not_found');
        return { ...summaryOf(mail), text: mail.text, html: mail.html, links: linksOf(mail.text) };
      },
    );
    app.get(
      '/dev/mail/view/:id',
      { config, schema: { hide: true, params: z.object({ id: z.string().max(200) }) } },
      async (request, reply) => {
        const mail = await findMail(db, request.params.id);
        if (!mail) throw new AppError('not_found');
        return reply.type('text/html; charset=utf-8').send(messagePage(mail, linksOf(mail.text)));
      },
    );
  };
}

const summaryOf = ({ id, to, subject, createdAt }: StoredMail) => ({
  id,
  to,
  subject,
  created_at: createdAt.toISOString(),
});

/** Every address in the text part, each once. */
const linksOf = (text: string): string[] => [...new Set(text.match(/https?:\/\/\S+/g) ?? [])];

/** The peer itself, not what a header says about it. */
function isLoopbackAddress({ socket }: FastifyRequest): boolean {
  const address = socket.remoteAddress ?? '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
