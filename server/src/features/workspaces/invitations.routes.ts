import { z } from 'zod';
import { actorOf, callerAt } from '#platform/http/caller.ts';
import { idempotencyOf } from '#platform/http/idempotency.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { acceptInvitation } from './accept-invitation.ts';
import type { WorkspacesDeps } from './deps.ts';
import { inviteMember } from './invite-member.ts';
import { listInvitations } from './list-invitations.ts';
import { revokeInvitation } from './revoke-invitation.ts';
import {
  Invitation,
  InvitationPage,
  InvitationParams,
  Membership,
  NewInvitation,
  PageQuery,
  TokenParams,
  WorkspaceParams,
} from './workspaces.schemas.ts';

const tags = ['workspaces'];

export function addInvitationRoutes(app: HttpApp, deps: WorkspacesDeps): void {
  app.get(
    '/api/v1/workspaces/:workspace_id/invitations',
    {
      config: { access: 'session', problems: ['not_found', 'role_not_allowed'] },
      schema: {
        operationId: 'listInvitations',
        tags,
        summary: 'Invitations that can still be accepted, newest first',
        params: WorkspaceParams,
        querystring: PageQuery,
        response: { 200: InvitationPage },
      },
    },
    async (request) =>
      listInvitations(deps, await callerAt(request, request.params.workspace_id, 'session'), request.query),
  );
  app.post(
    '/api/v1/workspaces/:workspace_id/invitations',
    {
      config: {
        access: 'session',
        // It sends mail to an address of the caller's choice.
        limit: 'sign_in',
        problems: [
          'not_found',
          'role_not_allowed',
          'email_not_verified',
          'seats_exhausted',
          'already_member',
          'idempotency_key_reused',
          'idempotency_in_progress',
        ],
      },
      schema: {
        operationId: 'inviteMember',
        tags,
        summary: 'Invite an address; again = a new mail, and the old one is void',
        params: WorkspaceParams,
        body: NewInvitation,
        response: { 201: Invitation },
      },
    },
    async (request, reply) => {
      const actor = await callerAt(request, request.params.workspace_id, 'session');
      const answer = await inviteMember(deps, actor, request.body, idempotencyOf(request));
      if (answer.replayed) reply.header('idempotent-replayed', 'true');
      return reply.code(201).send(answer.body);
    },
  );
  app.delete(
    '/api/v1/workspaces/:workspace_id/invitations/:invitation_id',
    {
      config: { access: 'session', problems: ['not_found', 'role_not_allowed'] },
      schema: {
        operationId: 'revokeInvitation',
        tags,
        summary: 'Take an invitation back',
        params: InvitationParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { workspace_id: workspaceId, invitation_id: invitationId } = request.params;
      await revokeInvitation(deps, await callerAt(request, workspaceId, 'session'), invitationId);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/invitations/:token/accept',
    {
      config: {
        access: 'session',
        limit: 'sign_in',
        problems: ['not_found', 'email_not_verified', 'invitation_not_yours', 'seats_exhausted'],
      },
      schema: {
        operationId: 'acceptInvitation',
        tags,
        summary: 'Join a workspace by the token of an invitation',
        params: TokenParams,
        response: { 200: Membership },
      },
    },
    async (request) => acceptInvitation(deps, actorOf(request), request.params.token),
  );
}
