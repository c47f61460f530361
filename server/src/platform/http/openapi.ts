import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { ProblemCode } from '#platform/errors.ts';
import { addProblemResponses, tidyDocument, type OpenApiDocument } from './openapi-tidy.ts';
import type { Access, HttpApp } from './route.ts';
import { Problem } from './schemas.ts';

const problemName = Problem.meta()?.id ?? '';
const everywhere: ProblemCode[] = ['malformed_request', 'rate_limited', 'internal_error', 'service_unavailable'];
const ofAccess: Record<Access, ProblemCode[]> = {
  public: [],
  read: ['unauthenticated', 'key_lacks_scope'],
  generate: ['unauthenticated', 'origin_not_allowed', 'key_lacks_scope', 'plan_has_no_api', 'role_not_allowed'],
  session: ['unauthenticated', 'session_required', 'origin_not_allowed'],
};

const fileBody = { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } };

/** Headers that many routes read, shown where they mean something. */
function headersOf(access: Access, codes: ReadonlySet<ProblemCode>): { headers?: object } {
  const properties = {
    ...(access !== 'public' && {
      'x-workspace-id': { type: 'string', description: 'For sessions and JWTs; the personal workspace when missing' },
    }),
    ...(codes.has('idempotency_key_reused') && {
      'idempotency-key': {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        description: 'The same call with the same key has one effect, for 24 hours',
      },
    }),
  };
  return Object.keys(properties).length > 0 ? { headers: { type: 'object', properties } } : {};
}

/** Emits `/openapi.json` (3.1) from the routes, and a page to read and try it on `/docs`. */
export async function addDocument(
  app: HttpApp,
  { version, publicUrl }: { version: string; publicUrl: string },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'PingvasAI',
        version,
        description:
          'Image generation paid by the GPU second. Every refusal is `application/problem+json` with a stable `code`.',
        license: { name: 'MIT', identifier: 'MIT' } as { name: string },
      },
      servers: [{ url: publicUrl }],
      tags: [
        { name: 'accounts', description: 'Who you are, your workspaces and keys' },
        { name: 'workspaces', description: 'Teams: members, roles, budgets, invitations' },
        { name: 'models', description: 'What can be rendered, and what it costs' },
        { name: 'generate', description: 'Quotes, jobs, events and receipts' },
        { name: 'images', description: 'Stored pictures and uploads' },
        { name: 'credits', description: 'Balance, history and proof' },
        { name: 'billing', description: 'Plans and packs that are paid for' },
        { name: 'service', description: 'Health and keys of the service itself' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key (`pv_live_…`) or a JWT access token' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'pingvas.session_token',
            description: 'The web app; unsafe methods also need our `Origin`',
          },
        },
      },
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input);
      const config = input.route.config ?? {};
      const { access = 'public' } = config;
      if (schema.hide) return { schema, url };
      const codes = new Set([...everywhere, ...ofAccess[access], ...(config.problems ?? [])]);
      if (schema.body)
        for (const code of ['invalid_request', 'unsupported_media_type', 'payload_too_large'] as const) codes.add(code);
      if (schema.querystring) codes.add('invalid_request');
      // An id can be nobody's or no id at all; a workspace named in a header or query can be somebody else's.
      if (schema.params) codes.add('not_found').add('invalid_request');
      if (access !== 'public') codes.add('not_found');
      return {
        url,
        schema: {
          ...schema,
          ...(schema.consumes?.includes('multipart/form-data') && { body: fileBody }),
          ...headersOf(access, codes),
          security:
            access === 'public'
              ? []
              : access === 'session'
                ? [{ session: [] }, { bearer: [] }]
                : [{ bearer: [] }, { session: [] }],
          response: addProblemResponses((schema.response ?? {}) as Record<string, unknown>, [...codes], problemName),
        },
      };
    },
    transformObject: (input) => tidyDocument(jsonSchemaTransformObject(input) as OpenApiDocument) as never,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: {
      'default-src': ["'self'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'frame-ancestors': ["'none'"],
      'object-src': ["'none'"],
    },
    uiConfig: { deepLinking: true, persistAuthorization: false },
  });
  app.get(
    '/openapi.json',
    { config: { access: 'public', limit: 'none' }, schema: { hide: true } },
    async (_request, reply) =>
      reply.header('access-control-allow-origin', '*').type('application/json').send(app.swagger()),
  );
}
