import { z } from 'zod';
import type { Database } from '#platform/db/database.ts';
import { actorOf } from '#platform/http/caller.ts';
import type { Routes } from '#platform/http/route.ts';
import { pageQuery, WorkspaceQuery } from '#platform/http/schemas.ts';
import { CreditAccount, CreditEntries } from './credits.schemas.ts';
import { getCredits } from './get-credits.ts';
import { listTransactions } from './list-transactions.ts';

export type CreditsDeps = { db: Database };

/** What a workspace has, and what happened to it. */
export function creditsRoutes(deps: CreditsDeps): Routes {
  return (app) => {
    app.get(
      '/api/v1/credits',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'getCredits',
          tags: ['credits'],
          summary: 'Credits available, held and used this month',
          querystring: WorkspaceQuery,
          response: { 200: CreditAccount },
        },
      },
      async (request) => getCredits(deps, actorOf(request)),
    );
    app.get(
      '/api/v1/credits/transactions',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listCreditTransactions',
          tags: ['credits'],
          summary: 'Everything that changed the balance, newest first',
          querystring: z.strictObject(pageQuery),
          response: { 200: CreditEntries },
        },
      },
      async (request) => listTransactions(deps, actorOf(request), request.query),
    );
  };
}
