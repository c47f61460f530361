import { z } from 'zod';
import { callerAt } from '#platform/http/caller.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { WorkspaceQuery } from '#platform/http/schemas.ts';
import { changeMember } from './change-member.ts';
import type { WorkspacesDeps } from './deps.ts';
import { getMember, listMembers } from './list-members.ts';
import { removeMember } from './remove-member.ts';
import { Member, MemberChange, MemberPage, MemberParams, PageQuery, WorkspaceParams } from './workspaces.schemas.ts';

const tags = ['workspaces'];

export function addMemberRoutes(app: HttpApp, deps: WorkspacesDeps): void {
  app.get(
    '/api/v1/workspaces/:workspace_id/members',
    {
      config: { access: 'session', problems: ['not_found'] },
      schema: {
        operationId: 'listMembers',
        tags,
        summary: 'Members with their roles, budgets and use this month',
        params: WorkspaceParams,
        querystring: PageQuery,
        response: { 200: MemberPage },
      },
    },
    async (request) =>
      listMembers(deps, await callerAt(request, request.params.workspace_id, 'session'), request.query),
  );
  app.get(
    '/api/v1/workspaces/:workspace_id/members/:user_id',
    {
      config: { access: 'session', problems: ['not_found'] },
      schema: {
        operationId: 'getMember',
        tags,
        summary: 'One member',
        params: MemberParams,
        querystring: WorkspaceQuery,
        response: { 200: Member },
      },
    },
    async (request) => {
      const { workspace_id: workspaceId, user_id: userId } = request.params;
      return getMember(deps, await callerAt(request, workspaceId, 'session'), userId);
    },
  );
  app.patch(
    '/api/v1/workspaces/:workspace_id/members/:user_id',
    {
      config: { access: 'session', problems: ['not_found', 'role_not_allowed', 'last_owner'] },
      schema: {
        operationId: 'changeMember',
        tags,
        summary: 'Change the role or the monthly budget of a member',
        params: MemberParams,
        body: MemberChange,
        response: { 200: Member },
      },
    },
    async (request) => {
      const { workspace_id: workspaceId, user_id: userId } = request.params;
      return changeMember(deps, await callerAt(request, workspaceId, 'session'), userId, request.body);
    },
  );
  app.delete(
    '/api/v1/workspaces/:workspace_id/members/:user_id',
    {
      config: { access: 'session', problems: ['not_found', 'role_not_allowed', 'last_owner'] },
      schema: {
        operationId: 'removeMember',
        tags,
        summary: 'Remove a member, or leave',
        params: MemberParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { workspace_id: workspaceId, user_id: userId } = request.params;
      await removeMember(deps, await callerAt(request, workspaceId, 'session'), userId);
      return reply.code(204).send(null);
    },
  );
}
