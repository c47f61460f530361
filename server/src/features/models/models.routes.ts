import { actorOf } from '#platform/http/caller.ts';
import type { Routes } from '#platform/http/route.ts';
import { WorkspaceQuery } from '#platform/http/schemas.ts';
import type { Catalogue } from './catalogue.ts';
import { listModels } from './list-models.ts';
import { listPlans } from './list-plans.ts';
import { Models, Plans } from './models.schemas.ts';

export type ModelsDeps = {
  catalogue: Catalogue;
  /** Engines this installation runs. */
  engines: readonly string[];
};

/** What can be rendered, and what is sold. */
export function modelsRoutes(deps: ModelsDeps): Routes {
  return (app) => {
    app.get(
      '/api/v1/models',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listModels',
          tags: ['models'],
          summary: 'Models this workspace may use, the default one first',
          querystring: WorkspaceQuery,
          response: { 200: Models },
        },
      },
      async (request) => ({ data: await listModels(deps, actorOf(request)) }),
    );
    app.get(
      '/api/v1/plans',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'listPlans',
          tags: ['models'],
          summary: 'Plans, packs and the rules of price',
          response: { 200: Plans },
        },
      },
      async () => listPlans(),
    );
  };
}
