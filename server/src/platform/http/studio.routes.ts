import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Routes } from './route.ts';

/** The built web app: its page on `/`, its files beside it. Nothing is served, and the API still works, while it has not been built. */
export function studioRoutes(folder: string): Routes {
  return async (app) => {
    if (!existsSync(path.join(folder, 'index.html'))) return;
    await app.register(fastifyStatic, { root: folder, serve: false });
    const config = { access: 'public', limit: 'none' } as const;
    const schema = { hide: true };
    app.get('/', { config, schema }, (_request, reply) => reply.sendFile('index.html', { cacheControl: false }));
    // Browsers ask for the second name by themselves where a page names no icon: a mail's link, the mailbox.
    for (const address of ['/mark.svg', '/favicon.ico'])
      app.get(address, { config, schema }, (_request, reply) => reply.sendFile('mark.svg', { maxAge: '1d' }));
    // Names of these files change with their content.
    app.get<{ Params: { '*': string } }>('/assets/*', { config, schema }, (request, reply) =>
      reply.sendFile(request.params['*'], path.join(folder, 'assets'), { maxAge: '1y', immutable: true }),
    );
  };
}
