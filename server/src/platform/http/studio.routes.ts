import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { AppError } from '../errors.ts';
import type { Routes } from './route.ts';

/**
 * The built web app: its page on every address that it lists (`pages.json`), so that a link to any screen works; its files beside it. Nothing is served,
 * and the API still works, while it has not been built.
 */
export function studioRoutes(folder: string): Routes {
  return async (app) => {
    if (!existsSync(path.join(folder, 'index.html'))) return;
    await app.register(fastifyStatic, { root: folder, serve: false });
    const config = { access: 'public', limit: 'none' } as const;
    const schema = { hide: true };
    // The page names the files of one build: it is asked for again each time, the files never.
    const sendPage = (reply: FastifyReply) => reply.sendFile('index.html', { cacheControl: false });
    const pages = JSON.parse(readFileSync(path.join(folder, 'pages.json'), 'utf8')) as string[];
    for (const page of pages) app.get(page, { config, schema }, (_request, reply) => sendPage(reply));
    // A person who followed a wrong link sees the app say so; a program gets the API's own answer.
    app.get('/*', { config, schema }, (request, reply) => {
      if (request.url.startsWith('/api/') || !request.headers.accept?.includes('text/html'))
        throw new AppError('not_found');
      return sendPage(reply.code(404));
    });
    // Browsers ask for the second name by themselves where a page names no icon: a mail's link, the mailbox.
    for (const address of ['/mark.svg', '/favicon.ico'])
      app.get(address, { config, schema }, (_request, reply) => reply.sendFile('mark.svg', { maxAge: '1d' }));
    // Names of these files change with their content.
    app.get<{ Params: { '*': string } }>('/assets/*', { config, schema }, (request, reply) =>
      reply.sendFile(request.params['*'], path.join(folder, 'assets'), { maxAge: '1y', immutable: true }),
    );
  };
}
