import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { describe, expect } from 'vitest';
import { aJwtCaller, aKeyCaller, aPerson, aSessionCaller, type Caller, test, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aVictim, hashOfWorkspace, type Victim } from '#test/victim.ts';

/** An id that has the right form and that nobody has. */
const nobodys = '01234567-89ab-7def-8123-456789abcdef';

/**
 * What a route does with ids, for every route the router knows. A new route needs a row here.
 * - `public`: answers everybody the same and holds nothing of a workspace.
 * - `own`: answers only what belongs to the caller; `cursor` = a position an id of somebody else may stand in.
 * - `byId`: takes the id of a thing in its path; the victim has one.
 * - `body`: takes ids in its body.
 */
type Row =
  | { kind: 'public' }
  | { kind: 'own'; cursor?: (victim: Victim) => string; stream?: true; payload?: object }
  | {
      kind: 'byId';
      id: (victim: Victim) => string;
      /** The second id in the path. */
      then?: (victim: Victim) => string;
      payload?: object;
      control?: number;
    }
  | {
      kind: 'body';
      foreign: (victim: Victim, own: { imageId: string; model: string }) => [body: object, code: string][];
    };

const publicRow: Row = { kind: 'public' };
const submit: Row = {
  kind: 'body',
  foreign: (victim, own) => [
    [{ model: own.model, prompt: 'x', init_image_id: victim.imageId }, 'image_not_found'],
    [{ model: own.model, prompt: 'x', init_image_id: own.imageId, mask_image_id: victim.imageId }, 'image_not_found'],
    [{ model: own.model, prompt: 'x', control: [{ image_id: victim.imageId, type: 'canny' }] }, 'invalid_request'],
    [{ model: own.model, prompt: 'x', reference_images: [{ image_id: victim.imageId }] }, 'invalid_request'],
  ],
};

const matrix: Record<string, Row> = {
  'GET /openapi.json': publicRow,
  'GET /health': publicRow,
  'GET /health/live': publicRow,
  'GET /health/ready': publicRow,
  'GET /api/v1/plans': publicRow,
  'POST /api/v1/auth/token': publicRow,
  'POST /api/v1/auth/revoke': publicRow,
  'GET /api/v1/auth/providers': publicRow,
  'GET /api/v1/auth/challenge': publicRow,
  'POST /api/v1/webhooks/:provider': publicRow,
  'GET /api/v1/me': { kind: 'own' },
  'GET /api/v1/me/sessions': { kind: 'own', cursor: (victim) => victim.sessionId },
  'DELETE /api/v1/me/sessions/:id': { kind: 'byId', id: (victim) => victim.sessionId },
  'POST /api/v1/me/deletion': { kind: 'own', payload: { password: 'x' } },
  'DELETE /api/v1/me/deletion': { kind: 'own' },
  'POST /api/v1/me/email': { kind: 'own', payload: { email: 'new@example.test', password: 'x' } },
  'GET /api/v1/api-keys': { kind: 'own', cursor: (victim) => victim.keyId },
  'POST /api/v1/api-keys': { kind: 'own', payload: { name: 'mine' } },
  'PATCH /api/v1/api-keys/:id': { kind: 'byId', id: (victim) => victim.keyId, payload: { name: 'stolen' } },
  'DELETE /api/v1/api-keys/:id': { kind: 'byId', id: (victim) => victim.keyId },
  'GET /api/v1/workspaces': { kind: 'own', cursor: (victim) => victim.workspaceId },
  'POST /api/v1/workspaces': { kind: 'own', payload: { name: 'mine' } },
  'PATCH /api/v1/workspaces/:workspace_id': {
    kind: 'byId',
    id: (victim) => victim.workspaceId,
    payload: { name: 'stolen' },
    control: 200,
  },
  'GET /api/v1/workspaces/:workspace_id/members': { kind: 'byId', id: (victim) => victim.workspaceId, control: 200 },
  'GET /api/v1/workspaces/:workspace_id/members/:user_id': {
    kind: 'byId',
    id: (victim) => victim.workspaceId,
    then: (victim) => victim.userId,
    control: 200,
  },
  'PATCH /api/v1/workspaces/:workspace_id/members/:user_id': {
    kind: 'byId',
    id: (victim) => victim.workspaceId,
    then: (victim) => victim.userId,
    payload: { monthly_credit_budget: 0 },
    control: 200,
  },
  'DELETE /api/v1/workspaces/:workspace_id/members/:user_id': {
    kind: 'byId',
    id: (victim) => victim.workspaceId,
    then: (victim) => victim.userId,
    control: 409,
  },
  'GET /api/v1/workspaces/:workspace_id/invitations': {
    kind: 'byId',
    id: (victim) => victim.workspaceId,
    control: 200,
  },
  'POST /api/v1/workspaces/:workspace_id/invitations': {
    kind: 'byId',
    id: (victim) => victim.workspaceId,
    payload: { email: 'friend@example.test' },
    control: 403,
  },
  'DELETE /api/v1/workspaces/:workspace_id/invitations/:invitation_id': {
    kind: 'byId',
    id: (victim) => victim.workspaceId,
    then: (victim) => victim.invitationId,
    control: 204,
  },
  // The token of the victim's invitation is in nobody's hands but the mail's; what its holder can do has tests of its own.
  'POST /api/v1/invitations/:token/accept': { kind: 'byId', id: (victim) => victim.invitationId },
  'GET /api/v1/models': { kind: 'own' },
  'POST /api/v1/quotes': submit,
  'POST /api/v1/generate': {
    kind: 'body',
    foreign: (victim, own) => [
      ...submit.foreign(victim, own),
      [{ model: victim.model, prompt: 'x', quote_id: victim.quoteId }, 'quote_mismatch'],
    ],
  },
  'GET /api/v1/jobs': { kind: 'own', cursor: (victim) => victim.runningJobId },
  'GET /api/v1/jobs/:job_id': { kind: 'byId', id: (victim) => victim.doneJobId, control: 200 },
  'GET /api/v1/jobs/:job_id/placement': { kind: 'byId', id: (victim) => victim.runningJobId, control: 200 },
  'GET /api/v1/jobs/:job_id/receipt': { kind: 'byId', id: (victim) => victim.doneJobId, control: 200 },
  'GET /api/v1/jobs/:job_id/preview': { kind: 'byId', id: (victim) => victim.runningJobId, control: 200 },
  'GET /api/v1/jobs/:job_id/events': { kind: 'byId', id: (victim) => victim.doneJobId, control: 200 },
  'POST /api/v1/jobs/:job_id/cancel': { kind: 'byId', id: (victim) => victim.runningJobId, control: 200 },
  'DELETE /api/v1/jobs/:job_id': { kind: 'byId', id: (victim) => victim.doneJobId, control: 204 },
  'GET /api/v1/events': { kind: 'own', stream: true },
  'GET /api/v1/images': { kind: 'own', cursor: (victim) => victim.imageId },
  'GET /api/v1/images/:image_id': { kind: 'byId', id: (victim) => victim.imageId, control: 200 },
  'GET /api/v1/images/:image_id/content': { kind: 'byId', id: (victim) => victim.imageId, control: 200 },
  'DELETE /api/v1/images/:image_id': { kind: 'byId', id: (victim) => victim.imageId, control: 200 },
  'POST /api/v1/images/:image_id/restore': { kind: 'byId', id: (victim) => victim.imageId, control: 200 },
  // The victim's made-up picture has no recipe: its owner hears that, a stranger nothing.
  'POST /api/v1/images/:image_id/reproduce': { kind: 'byId', id: (victim) => victim.imageId, control: 422 },
  'POST /api/v1/uploads': { kind: 'own', payload: {} },
  'GET /api/v1/credits': { kind: 'own' },
  'GET /api/v1/credits/export': { kind: 'own' },
  'GET /.well-known/pingvas-ledger.json': publicRow,
  'GET /api/v1/billing': { kind: 'own' },
  'POST /api/v1/billing/checkout': { kind: 'own', payload: { product: 'pro', interval: 'month' } },
  'POST /api/v1/billing/credit-packs': { kind: 'own', payload: { pack: 'pack_1000' } },
  'POST /api/v1/billing/portal': { kind: 'own' },
  'POST /api/v1/billing/change': { kind: 'own', payload: { product: 'pro', interval: 'month' } },
  'DELETE /api/v1/billing/change': { kind: 'own' },
  'POST /api/v1/billing/cancel': { kind: 'own' },
  'POST /api/v1/billing/resume': { kind: 'own' },
  'GET /api/v1/billing/invoices': { kind: 'own', cursor: ({ workspaceId }) => `sandbox.invoice.${workspaceId}` },
  // What a payment of another workspace answers is tested beside the sandbox that made it.
  'POST /api/v1/billing/invoices/:invoice_id/document': {
    kind: 'byId',
    id: ({ workspaceId }) => `sandbox.invoice.${workspaceId}`,
  },
  'GET /api/v1/credits/transactions': { kind: 'own', cursor: () => nobodys },
};

/** Better Auth's routes know people, not workspaces, and have tests of their own; the mailbox is development's. */
const rowOf = (name: string): Row | undefined =>
  matrix[name] ?? (/^[A-Z]+ \/(docs|dev|api\/auth)(\/|$)/.test(name) ? publicRow : undefined);

/** Everybody who is not the victim, with the answer a stranger's id gets. */
async function outsiders(
  db: TestDatabase,
  victim: Victim,
): Promise<[who: string, caller: Pick<Caller, 'headers'>, status: number | null][]> {
  const exMember = await aSessionCaller(db);
  await db.owner.pool.query("insert into workspace_member (workspace_id, user_id, role) values ($1, $2, 'member')", [
    victim.workspaceId,
    exMember.userId,
  ]);
  await db.owner.pool.query('delete from workspace_member where workspace_id = $1 and user_id = $2', [
    victim.workspaceId,
    exMember.userId,
  ]);
  const suspended = await aKeyCaller(db);
  await db.owner.pool.query('update workspace set suspended_at = now() where workspace_id = $1', [
    suspended.workspaceId,
  ]);
  const expired = await aSessionCaller(db);
  await db.owner.pool.query("update auth.session set expires_at = now() - interval '1 second' where user_id = $1", [
    expired.userId,
  ]);
  const revoked = await aKeyCaller(db);
  await db.owner.pool.query('update api_key set revoked_at = now() where key_id = $1', [revoked.keyId]);
  const signedOut = await aJwtCaller(db);
  await db.owner.pool.query(
    "update auth.refresh_family set ended_at = now(), end_reason = 'revoked' where family_id = $1",
    [signedOut.familyId],
  );
  return [
    ['another’s session', await aSessionCaller(db), null],
    ['another’s key', await aKeyCaller(db), null],
    ['another’s access token', await aJwtCaller(db), null],
    ['a suspended workspace’s key', suspended, null],
    ['somebody who was removed from the workspace', exMember, null],
    ['nobody', { headers: {} }, 401],
    ['an expired session', expired, 401],
    ['a revoked key', revoked, 401],
    ['an access token of an ended sign-in', signedOut, 401],
    ['a forged key', { headers: { authorization: `Bearer pv_live_${'0'.repeat(49)}` } }, 401],
  ];
}

const methodOf = (name: string) => name.split(' ')[0] as NonNullable<InjectOptions['method']>;
const urlOf = (name: string, id = '', then = id): string =>
  (name.split(' ')[1] ?? '').replace(/:\w+/, id).replace(/:\w+/, then);
const urlAt = (name: string, row: Row, victim: Victim): string =>
  row.kind === 'byId' ? urlOf(name, row.id(victim), row.then?.(victim)) : urlOf(name);

/** Two calls must look alike to be compared: same request id, and no time or limit. */
const send = (api: TestApi, as: Pick<Caller, 'headers'>, request: InjectOptions): Promise<LightMyRequestResponse> =>
  api.call({ ...request, as, headers: { 'x-request-id': 'same', ...request.headers } });
const textOf = (answer: LightMyRequestResponse): string => JSON.stringify(answer.headers) + answer.body;

function expectNoCanary(answer: LightMyRequestResponse, victim: Victim, what: string): void {
  const text = textOf(answer);
  for (const canary of victim.canaries) expect.soft(text.includes(canary), `${what} shows ${canary}`).toBe(false);
}

describe('a stranger', () => {
  test('every route of the router has a row in the matrix, and every row a route', ({ api }) => {
    const routes = api.app.routeTable
      .filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
      .map(({ method, url }) => `${method} ${url}`);
    expect(routes.filter((name) => rowOf(name) === undefined)).toEqual([]);
    expect(Object.keys(matrix).filter((name) => !routes.includes(name))).toEqual([]);
    const open = api.app.routeTable
      .filter(({ access, url }) => access === 'public' && url !== '*')
      .map(({ method, url }) => `${method} ${url}`);
    for (const name of open) expect(rowOf(name.replace(/^HEAD/, 'GET')), name).toEqual(publicRow);
  });

  test('gets for the victim’s ids, in every position of every route, what nobody’s ids get, and changes nothing', async ({
    db,
    api,
  }) => {
    const victim = await aVictim(db, api);
    const before = await hashOfWorkspace(db, victim.workspaceId);
    const accessOf = new Map(api.app.routeTable.map(({ method, url, access }) => [`${method} ${url}`, access]));
    let cells = 0;
    for (const [who, caller, refusal] of await outsiders(db, victim)) {
      const isKey = caller.headers['authorization']?.startsWith('Bearer pv_') ?? false;
      const own = refusal === null ? await ownThings(db, api, caller as Caller) : undefined;
      for (const [name, row] of Object.entries(matrix)) {
        const what = `${who}: ${name}`;
        const expected = refusal ?? (isKey && accessOf.get(name) === 'session' ? 403 : 404);
        const request = { method: methodOf(name), ...('payload' in row ? { payload: row.payload } : {}) };
        if (row.kind === 'byId') {
          const foreign = await send(api, caller, { ...request, url: urlAt(name, row, victim) });
          const none = await send(api, caller, { ...request, url: urlOf(name, nobodys) });
          expect.soft([foreign.statusCode, foreign.body], what).toEqual([expected, none.body]);
          expectNoCanary(foreign, victim, what);
          cells += 1;
        }
        if (row.kind === 'body' && own) {
          for (const [payload, code] of row.foreign(victim, own)) {
            const answer = await send(api, caller, { ...request, url: urlOf(name), payload });
            const suspends = who.startsWith('a suspended') && name.endsWith('/generate');
            expect
              .soft(answer.json().code, `${what} ${JSON.stringify(payload)}`)
              .toBe(suspends ? 'workspace_suspended' : code);
            expectNoCanary(answer, victim, what);
            cells += 1;
          }
        }
        if (row.kind === 'own') {
          if (!row.stream && (request.method === 'GET' || refusal !== null)) {
            const answer = await send(api, caller, { ...request, url: urlOf(name) });
            expect.soft(answer.statusCode, what).toBe(refusal ?? (expected === 403 ? 403 : 200));
            expectNoCanary(answer, victim, what);
          }
          if (row.cursor && own) {
            const answer = await send(api, caller, {
              ...request,
              url: `${urlOf(name)}?limit=100&cursor=${row.cursor(victim)}`,
            });
            expectNoCanary(answer, victim, what);
          }
          cells += 2;
        }
        // The victim's workspace by name: in the header on every route, in the query on GETs.
        if (row.kind !== 'public') {
          const url = urlAt(name, row, victim);
          const byHeader = await send(api, caller, {
            ...request,
            url,
            headers: { 'x-workspace-id': victim.workspaceId },
          });
          expect.soft(byHeader.statusCode, `${what} by header`).toBe(refusal ?? 404);
          expectNoCanary(byHeader, victim, what);
          cells += 1;
          if (request.method === 'GET') {
            const byQuery = await send(api, caller, { ...request, url: `${url}?workspace_id=${victim.workspaceId}` });
            expect.soft(byQuery.statusCode, `${what} by query`).toBe(refusal ?? 404);
            expectNoCanary(byQuery, victim, what);
            cells += 1;
          }
        }
      }
    }
    expect(cells).toBeGreaterThan(500);
    expect(await hashOfWorkspace(db, victim.workspaceId)).toEqual(before);
  });

  test('the owner gets an answer where the stranger got none: the matrix tests what it says', async ({ db, api }) => {
    const victim = await aVictim(db, api);
    for (const [name, row] of Object.entries(matrix)) {
      if (row.kind !== 'byId' || row.control === undefined) continue;
      if (name.startsWith('DELETE /api/v1/jobs')) continue;
      const answer = await send(api, victim, {
        method: methodOf(name),
        url: urlAt(name, row, victim),
        ...(row.payload && { payload: row.payload }),
      });
      expect.soft(answer.statusCode, name).toBe(row.control);
    }
    const wiped = await send(api, victim, { method: 'DELETE', url: `/api/v1/jobs/${victim.doneJobId}` });
    expect(wiped.statusCode).toBe(204);
    const job = (await send(api, victim, { url: `/api/v1/jobs/${victim.doneJobId}` })).json();
    expect(job).toMatchObject({ request: null, images: [], charged_credits: 1.234 });
  });
});

/** Something of the caller's own, so that a body is wrong in one place only. */
async function ownThings(db: TestDatabase, api: TestApi, caller: Caller): Promise<{ imageId: string; model: string }> {
  const { imageId, model } = await aVictim(db, api);
  // The picture of a throw-away workspace becomes the caller's.
  await db.owner.pool.query(
    `update image set workspace_id = $2::uuid, storage_key = 'ws/' || $2::uuid::text || '/upload/' || image_id::text || '.png', generation_id = null, kind = 'upload' where image_id = $1`,
    [imageId, caller.workspaceId],
  );
  return { imageId, model };
}

describe('a writable body', () => {
  const extras: Record<string, unknown> = {
    workspace_id: nobodys,
    tenant_id: nobodys,
    user_id: 'root',
    owner_id: 'root',
    role: 'owner',
    plan: 'enterprise',
    credits: 1_000_000,
    held: 0,
    price: 0,
    ceiling: 0,
    expected_credits: 0,
    level: 10,
    is_admin: true,
    created_at: '2000-01-01T00:00:00Z',
    generation_id: nobodys,
    constructor: { name: 'x' },
  };

  test('takes no field that is not its own, on any route: refused by name, nothing stored', async ({ db, api }) => {
    const caller = await aSessionCaller(db);
    const victim = await aVictim(db, api);
    const { keyId } = await aKeyCaller(db, { of: caller });
    const bodies: [method: 'POST' | 'PATCH', url: string, body: object][] = [
      ['POST', '/api/v1/generate', { model: victim.model, prompt: 'x' }],
      ['POST', '/api/v1/quotes', { model: victim.model, prompt: 'x' }],
      ['POST', '/api/v1/api-keys', { name: 'x' }],
      ['PATCH', `/api/v1/api-keys/${keyId}`, { name: 'x' }],
      ['POST', '/api/v1/workspaces', { name: 'x' }],
      ['PATCH', `/api/v1/workspaces/${caller.workspaceId}`, { name: 'x' }],
      ['PATCH', `/api/v1/workspaces/${caller.workspaceId}/members/${caller.userId}`, {}],
      ['POST', `/api/v1/workspaces/${caller.workspaceId}/invitations`, { email: 'friend@example.test' }],
      ['POST', '/api/v1/auth/token', { grant_type: 'password', email: caller.email, password: 'x'.repeat(12) }],
      ['POST', '/api/v1/auth/revoke', { refresh_token: 'x' }],
      ['POST', '/api/v1/billing/checkout', { product: 'pro', interval: 'month' }],
      ['POST', '/api/v1/billing/change', { product: 'pro', interval: 'month' }],
      ['POST', '/api/v1/billing/credit-packs', { pack: 'pack_1000' }],
      ['POST', '/api/v1/me/deletion', { password: 'x' }],
      ['POST', '/api/v1/me/email', { email: 'new@example.test', password: 'x' }],
    ];
    const templateOf = (url: string): string =>
      url.replace(keyId, ':id').replace(caller.workspaceId, ':workspace_id').replace(caller.userId, ':user_id');
    const withBody = api.app.routeTable.filter(
      ({ method, url }) => ['POST', 'PATCH', 'PUT'].includes(method) && url.startsWith('/api/v1/'),
    );
    const covered = new Set(bodies.map(([method, url]) => `${method} ${templateOf(url)}`));
    const without = [
      'POST /api/v1/jobs/:job_id/cancel',
      'POST /api/v1/images/:image_id/restore',
      'POST /api/v1/images/:image_id/reproduce',
      'POST /api/v1/uploads',
      'POST /api/v1/webhooks/:provider',
      'POST /api/v1/invitations/:token/accept',
      'POST /api/v1/billing/portal',
      'POST /api/v1/billing/cancel',
      'POST /api/v1/billing/resume',
      'POST /api/v1/billing/invoices/:invoice_id/document',
    ];
    expect(
      withBody
        .map(({ method, url }) => `${method} ${url}`)
        .filter((name) => !covered.has(name) && !without.includes(name)),
    ).toEqual([]);
    const before = await hashOfWorkspace(db, caller.workspaceId);
    for (const [method, url, body] of bodies) {
      for (const [field, value] of Object.entries(extras)) {
        // Roles and budgets are what these bodies are for; who may give them is tested elsewhere.
        if (field in body || (field === 'role' && /\/(members|invitations)/.test(url))) continue;
        const answer = await api.call({ method, url, as: caller, payload: { ...body, [field]: value } });
        expect
          .soft([answer.statusCode, answer.json().errors?.[0]?.pointer], `${url} ${field}`)
          .toEqual([422, `/${field}`]);
      }
      const poisoned = await api.call({
        method,
        url,
        as: caller,
        headers: { 'content-type': 'application/json' },
        payload: `{"__proto__":{"role":"admin"},${JSON.stringify(body).slice(1)}`,
      });
      expect.soft(poisoned.statusCode, `${url} __proto__`).toBe(400);
    }
    expect(await hashOfWorkspace(db, caller.workspaceId)).toEqual(before);
  });

  test('a viewer of a workspace reads there and changes nothing, also by the id of a thing', async ({ db, api }) => {
    const victim = await aVictim(db, api);
    const viewer = await aSessionCaller(db, { of: await aPerson(db) });
    await db.owner.pool.query("insert into workspace_member (workspace_id, user_id, role) values ($1, $2, 'viewer')", [
      victim.workspaceId,
      viewer.userId,
    ]);
    const before = await hashOfWorkspace(db, victim.workspaceId);
    const there = { 'x-workspace-id': victim.workspaceId };
    expect((await api.call({ url: `/api/v1/jobs/${victim.doneJobId}`, as: viewer })).statusCode).toBe(200);
    for (const headers of [{}, there]) {
      for (const [method, url] of [
        ['POST', `/api/v1/jobs/${victim.runningJobId}/cancel`],
        ['DELETE', `/api/v1/jobs/${victim.doneJobId}`],
        ['DELETE', `/api/v1/images/${victim.imageId}`],
        ['POST', `/api/v1/images/${victim.imageId}/reproduce`],
      ] as const) {
        const answer = await api.call({ method, url, as: viewer, headers });
        expect.soft([answer.statusCode, answer.json().code], `${method} ${url}`).toEqual([403, 'role_not_allowed']);
      }
    }
    const submitted = await api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as: viewer,
      headers: there,
      payload: { model: victim.model, prompt: 'x' },
    });
    expect(submitted.json().code).toBe('role_not_allowed');
    expect(await hashOfWorkspace(db, victim.workspaceId)).toEqual(before);
  });
});
