import { z } from 'zod';
import { actorOf } from '#platform/http/caller.ts';
import { idempotencyOf } from '#platform/http/idempotency.ts';
import type { HttpApp, Routes } from '#platform/http/route.ts';
import { WorkspaceQuery } from '#platform/http/schemas.ts';
import { accessTokenSeconds } from './auth.ts';
import { Me, RevokeRequest, TokenAnswer, TokenRequest } from './accounts.schemas.ts';
import {
  ApiKey,
  ApiKeyChange,
  ApiKeyPage,
  ApiKeyParams,
  ApiKeyQuery,
  CreatedApiKey,
  NewApiKey,
} from './api-keys.schemas.ts';
import { authRoutes } from './auth-bridge.ts';
import { addChangeAddressRoute } from './change-address.routes.ts';
import { changeApiKey, revokeApiKey } from './change-api-key.ts';
import { createApiKey } from './create-api-key.ts';
import type { AccountsDeps } from './deps.ts';
import { exchangePassword } from './exchange-password.ts';
import { getMe } from './get-me.ts';
import { listApiKeys } from './list-api-keys.ts';
import { revokeRefreshToken } from './revoke-refresh-token.ts';
import { addProviderRoutes } from './providers.routes.ts';
import { rotateRefreshToken } from './rotate-refresh-token.ts';
import { addSessionRoutes } from './sessions.routes.ts';

/** Sign-up, sign-in and sessions (Better Auth's, by a list), tokens for programs, the caller, and API keys. */
export function accountsRoutes(deps: AccountsDeps): Routes {
  return async (app) => {
    await app.register(authRoutes(deps));
    addTokenRoutes(app, deps);
    addProviderRoutes(app, deps);
    app.get(
      '/api/v1/me',
      {
        config: { access: 'session' },
        schema: {
          operationId: 'getMe',
          tags: ['accounts'],
          summary: 'The caller, the workspace, its limits and its use this month',
          querystring: WorkspaceQuery,
          response: { 200: Me },
        },
      },
      async (request) => getMe(deps, actorOf(request)),
    );
    addSessionRoutes(app, deps);
    addChangeAddressRoute(app, deps);
    addKeyRoutes(app, deps);
  };
}

function addTokenRoutes(app: HttpApp, deps: AccountsDeps): void {
  app.post(
    '/api/v1/auth/token',
    {
      config: {
        access: 'public',
        limit: 'sign_in',
        problems: [
          'invalid_credentials',
          'totp_required',
          'email_not_verified',
          'invalid_refresh_token',
          'refresh_in_progress',
        ],
      },
      schema: {
        operationId: 'createToken',
        tags: ['accounts'],
        summary: 'Access token for a password or a refresh token',
        body: TokenRequest,
        response: { 200: TokenAnswer },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { accessToken, refreshToken } =
        body.grant_type === 'password'
          ? await exchangePassword(deps, body)
          : await rotateRefreshToken(deps, body.refresh_token);
      reply.header('cache-control', 'no-store');
      return {
        access_token: accessToken,
        token_type: 'Bearer' as const,
        expires_in: accessTokenSeconds,
        refresh_token: refreshToken,
      };
    },
  );
  app.post(
    '/api/v1/auth/revoke',
    {
      config: { access: 'public', limit: 'sign_in' },
      schema: {
        operationId: 'revokeToken',
        tags: ['accounts'],
        summary: 'End the sign-in a refresh token belongs to',
        body: RevokeRequest,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await revokeRefreshToken(deps, request.body.refresh_token);
      return reply.code(204).send(null);
    },
  );
}

function addKeyRoutes(app: HttpApp, deps: AccountsDeps): void {
  const about = { tags: ['accounts'] };
  app.get(
    '/api/v1/api-keys',
    {
      config: { access: 'session', problems: ['role_not_allowed'] },
      schema: {
        ...about,
        operationId: 'listApiKeys',
        summary: 'Keys of the workspace, newest first',
        querystring: ApiKeyQuery,
        response: { 200: ApiKeyPage },
      },
    },
    async (request) => listApiKeys(deps, actorOf(request), request.query),
  );
  app.post(
    '/api/v1/api-keys',
    {
      config: {
        access: 'session',
        problems: ['role_not_allowed', 'idempotency_key_reused', 'idempotency_in_progress'],
      },
      schema: {
        ...about,
        operationId: 'createApiKey',
        summary: 'Make a key; its secret is shown this once',
        body: NewApiKey,
        response: { 201: CreatedApiKey },
      },
    },
    async (request, reply) => {
      const { body, replayed } = await createApiKey(deps, actorOf(request), request.body, idempotencyOf(request));
      if (replayed) reply.header('idempotent-replayed', 'true');
      return reply.code(201).header('cache-control', 'no-store').send(body);
    },
  );
  app.patch(
    '/api/v1/api-keys/:id',
    {
      config: { access: 'session', problems: ['not_found', 'role_not_allowed'] },
      schema: {
        ...about,
        operationId: 'changeApiKey',
        summary: 'Change a key',
        params: ApiKeyParams,
        body: ApiKeyChange,
        response: { 200: ApiKey },
      },
    },
    async (request) => changeApiKey(deps, actorOf(request), request.params.id, request.body),
  );
  app.delete(
    '/api/v1/api-keys/:id',
    {
      config: { access: 'session', problems: ['not_found', 'role_not_allowed'] },
      schema: {
        ...about,
        operationId: 'revokeApiKey',
        summary: 'Revoke a key',
        params: ApiKeyParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await revokeApiKey(deps, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
