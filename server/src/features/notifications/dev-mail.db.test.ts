import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { expect } from 'vitest';
import { createMailbox } from '#adapters/mail/mailbox.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { AppError } from '#platform/errors.ts';
import { accountMail } from './account-mails.ts';
import { devMailRoutes } from './dev-mail.routes.ts';

async function anApp(db: TestDatabase) {
  const app = Fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => reply.code(error instanceof AppError ? error.status : 500).send());
  await app.register(async (scope) => devMailRoutes({ db: db.app })(scope.withTypeProvider<ZodTypeProvider>()));
  return app;
}

test('the development mailbox shows what was sent, with its links, as a page and as JSON', async ({ db }) => {
  const app = await anApp(db);
  const messageId = randomUUID();
  const to = `${randomUUID()}@example.com`;
  const link = 'http://localhost:8000/api/auth/verify-email?token=a.b-c_d';
  await createMailbox(db.app).send({ messageId, to, ...accountMail('verification', 'ko', link) });
  const headers = { host: 'localhost:8000' };
  const list = (await app.inject({ url: '/dev/mail/messages', headers })).json();
  const summary = list.data.find((mail: { to: string }) => mail.to === to);
  expect(summary).toEqual({ id: messageId, to, subject: expect.any(String), created_at: expect.stringMatching(/Z$/) });
  const message = (await app.inject({ url: `/dev/mail/messages/${messageId}`, headers })).json();
  expect(message).toMatchObject({
    ...summary,
    links: [link],
    text: expect.stringContaining(link),
    html: expect.stringContaining('<!doctype html>'),
  });
  expect((await app.inject({ url: '/dev/mail', headers })).body).toContain(to);
  const page = (await app.inject({ url: `/dev/mail/view/${messageId}`, headers })).body;
  expect(page).toContain('sandbox');
  expect((await app.inject({ url: '/dev/mail/messages/none', headers })).statusCode).toBe(404);
});

test('the development mailbox answers this machine alone, and only by a local name', async ({ db }) => {
  const app = await anApp(db);
  for (const [remoteAddress, host, status] of [
    ['127.0.0.1', 'localhost:8000', 200],
    ['::1', '[::1]:8000', 200],
    ['::ffff:127.0.0.1', '127.0.0.1', 200],
    ['127.0.0.1', 'evil.example', 404],
    ['192.168.0.7', 'localhost:8000', 404],
    ['10.0.0.1', '10.0.0.2:8000', 404],
  ] as const) {
    for (const url of ['/dev/mail', '/dev/mail/messages', '/dev/mail/messages/x', '/dev/mail/view/x']) {
      const answer = await app.inject({ url, remoteAddress, headers: { host, 'x-forwarded-for': '127.0.0.1' } });
      expect([remoteAddress, host, url, answer.statusCode]).toEqual([
        remoteAddress,
        host,
        url,
        status === 200 && url.endsWith('x') ? 404 : status,
      ]);
    }
  }
});
