import { z } from 'zod';
import type { Database } from '#platform/db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { actorOf } from '#platform/http/caller.ts';
import type { Routes } from '#platform/http/route.ts';
import { pageQuery, WorkspaceQuery } from '#platform/http/schemas.ts';
import { LedgerExport, PublishedLedger } from './chain/export-format.ts';
import type { LedgerSigner } from './chain/signer.ts';
import { CreditAccount, CreditEntries } from './credits.schemas.ts';
import { exportLedger } from './export-ledger.ts';
import { getCredits } from './get-credits.ts';
import { listTransactions } from './list-transactions.ts';
import { getPublishedLedger } from './published-ledger.ts';

export type CreditsDeps = { db: Database; signer: LedgerSigner; clock: Clock };

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
    app.get(
      '/api/v1/credits/export',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'exportLedger',
          tags: ['credits'],
          summary: 'The whole ledger as a signed file that can be checked offline',
          description:
            'Sealed up to now, oldest first, amounts in milli-credits. `pingvas ledger verify FILE --keys KEYS` checks it with the document of `/.well-known/pingvas-ledger.json`.',
          querystring: WorkspaceQuery,
          response: { 200: LedgerExport },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const file = await exportLedger(deps, actor);
        // Already JSON: a stream passes by the serializer.
        return reply
          .header('content-type', 'application/json; charset=utf-8')
          .header('content-disposition', `attachment; filename="pingvas-ledger-${actor.workspaceId}.json"`)
          .header('cache-control', 'private, no-store')
          .send(file as never);
      },
    );
    app.get(
      '/.well-known/pingvas-ledger.json',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'getPublishedLedger',
          tags: ['credits'],
          summary: 'Keys that sign ledgers, old ones too, and the signed heads of days',
          querystring: z.strictObject({ day: z.iso.date().optional().describe('Adds the list of this day (UTC).') }),
          response: { 200: PublishedLedger },
        },
      },
      async (request, reply) => {
        reply.header('cache-control', 'public, max-age=60');
        return getPublishedLedger(deps.db, request.query.day);
      },
    );
  };
}
