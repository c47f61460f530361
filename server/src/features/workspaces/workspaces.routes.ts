import { actorOf, callerAt } from '#platform/http/caller.ts';
import { idempotencyOf } from '#platform/http/idempotency.ts';
import type { Routes } from '#platform/http/route.ts';
import { WorkspaceSummary } from '../accounts/index.ts';
import { createWorkspace } from './create-workspace.ts';
import type { WorkspacesDeps } from './deps.ts';
import { addInvitationRoutes } from './invitations.routes.ts';
import { listWorkspaces } from './list-workspaces.ts';
import { addMemberRoutes } from './members.routes.ts';
import { renameWorkspace } from './rename-workspace.ts';
import { NewWorkspace, PageQuery, WorkspaceChange, WorkspacePage, WorkspaceParams } from './workspaces.schemas.ts';

/** Workspaces, their members and invitations. */
export function workspacesRoutes(deps: WorkspacesDeps): Routes {
  return (app) => {
    app.get(
      '/api/v1/workspaces',
      {
        config: { access: 'session' },
        schema: {
          operationId: 'listWorkspaces',
          tags: ['workspaces'],
          summary: 'Workspaces of the caller, newest first',
          querystring: PageQuery,
          response: { 200: WorkspacePage },
        },
      },
      async (request) => listWorkspaces(deps, actorOf(request), request.query),
    );
    app.post(
      '/api/v1/workspaces',
      {
        config: {
          access: 'session',
          problems: [
            'email_not_verified',
            'unpaid_workspace_exists',
            'idempotency_key_reused',
            'idempotency_in_progress',
          ],
        },
        schema: {
          operationId: 'createWorkspace',
          tags: ['workspaces'],
          summary: 'Make a team workspace; it has no credits and no seats until its plan is paid',
          body: NewWorkspace,
          response: { 201: WorkspaceSummary },
        },
      },
      async (request, reply) => {
        const answer = await createWorkspace(deps, actorOf(request), request.body, idempotencyOf(request));
        if (answer.replayed) reply.header('idempotent-replayed', 'true');
        return reply.code(201).send(answer.body);
      },
    );
    app.patch(
      '/api/v1/workspaces/:workspace_id',
      {
        config: { access: 'session', problems: ['not_found', 'role_not_allowed'] },
        schema: {
          operationId: 'changeWorkspace',
          tags: ['workspaces'],
          summary: 'Rename a workspace',
          params: WorkspaceParams,
          body: WorkspaceChange,
          response: { 200: WorkspaceSummary },
        },
      },
      async (request) =>
        renameWorkspace(deps, await callerAt(request, request.params.workspace_id, 'session'), request.body),
    );
    addMemberRoutes(app, deps);
    addInvitationRoutes(app, deps);
  };
}
