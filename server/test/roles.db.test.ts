import { type Action, may, roles } from '@pingvas/domain';
import type { InjectOptions } from 'fastify';
import { expect } from 'vitest';
import { aKeyCaller, test } from '#test/app.ts';
import { aMemberOf, type TeamMember } from '#test/team.ts';
import { aVictim, hashOfWorkspace, type Victim } from '#test/victim.ts';

/** A team with one of everything: the victim's, on a plan with seats, and somebody to act upon. */
type Team = Victim & { other: TeamMember };

/**
 * What a route of a workspace does, in the words of the permission table. `personal`: a person's own, whatever their role; `public`: nobody is asked; `stream`: a
 * read whose answer never ends.
 * A new route needs a row; the table then says which of the four roles may call it.
 */
type Row = Action | 'personal' | 'public' | 'stream' | { needs: Action; url: (team: Team) => string; payload?: object };

const inTeam = (needs: Action, url: (team: Team) => string, payload?: object): Row => ({
  needs,
  url,
  ...(payload && { payload }),
});
const teamUrl = (team: Team): string => `/api/v1/workspaces/${team.workspaceId}`;
const otherUrl = (team: Team): string => `${teamUrl(team)}/members/${team.other.userId}`;

const inBilling = (path: string, payload?: object): Row =>
  inTeam('manage_billing', () => `/api/v1/billing/${path}`, payload);

const rows: Record<string, Row> = {
  'GET /api/v1/jobs/:job_id/events': inTeam('read', (team) => `/api/v1/jobs/${team.doneJobId}/events`),
  'GET /api/v1/events': 'stream',
  'GET /api/v1/me': 'personal',
  'GET /api/v1/workspaces': 'personal',
  'POST /api/v1/workspaces': 'personal',
  'POST /api/v1/invitations/:token/accept': 'personal',
  'GET /api/v1/api-keys': 'manage_own_keys',
  'POST /api/v1/api-keys': inTeam('manage_own_keys', () => '/api/v1/api-keys', { name: 'mine' }),
  'PATCH /api/v1/api-keys/:id': inTeam('manage_all_keys', (team) => `/api/v1/api-keys/${team.keyId}`, {}),
  'DELETE /api/v1/api-keys/:id': inTeam('manage_all_keys', (team) => `/api/v1/api-keys/${team.keyId}`),
  'PATCH /api/v1/workspaces/:workspace_id': inTeam('rename_workspace', teamUrl, { name: 'Another' }),
  'GET /api/v1/workspaces/:workspace_id/members': inTeam('read', (team) => `${teamUrl(team)}/members`),
  'GET /api/v1/workspaces/:workspace_id/members/:user_id': inTeam('read', otherUrl),
  'PATCH /api/v1/workspaces/:workspace_id/members/:user_id': inTeam('manage_members', otherUrl, {}),
  'DELETE /api/v1/workspaces/:workspace_id/members/:user_id': inTeam('manage_members', otherUrl),
  'GET /api/v1/workspaces/:workspace_id/invitations': inTeam(
    'manage_invitations',
    (team) => `${teamUrl(team)}/invitations`,
  ),
  'POST /api/v1/workspaces/:workspace_id/invitations': inTeam(
    'manage_invitations',
    (team) => `${teamUrl(team)}/invitations`,
    { email: 'friend@example.test', role: 'viewer' },
  ),
  'DELETE /api/v1/workspaces/:workspace_id/invitations/:invitation_id': inTeam(
    'manage_invitations',
    (team) => `${teamUrl(team)}/invitations/${team.invitationId}`,
  ),
  'GET /api/v1/billing': 'manage_billing',
  'POST /api/v1/billing/checkout': inBilling('checkout', { product: 'pro', interval: 'month' }),
  'POST /api/v1/billing/credit-packs': inBilling('credit-packs', { pack: 'pack_1000' }),
  'POST /api/v1/billing/portal': inBilling('portal'),
  'POST /api/v1/billing/change': inBilling('change', { product: 'pro', interval: 'month' }),
  'DELETE /api/v1/billing/change': inBilling('change'),
  'POST /api/v1/billing/cancel': inBilling('cancel'),
  'POST /api/v1/billing/resume': inBilling('resume'),
  'GET /api/v1/billing/invoices': 'manage_billing',
  'POST /api/v1/billing/invoices/:invoice_id/document': inBilling('invoices/sandbox.order.1/document'),
  'POST /api/v1/uploads': 'generate',
  'POST /api/v1/quotes': 'generate',
  'POST /api/v1/generate': 'generate',
  'POST /api/v1/jobs/:job_id/cancel': inTeam('generate', (team) => `/api/v1/jobs/${team.runningJobId}/cancel`),
  'DELETE /api/v1/jobs/:job_id': inTeam('generate', (team) => `/api/v1/jobs/${team.doneJobId}`),
  'DELETE /api/v1/images/:image_id': inTeam('generate', (team) => `/api/v1/images/${team.imageId}`),
  'POST /api/v1/images/:image_id/restore': inTeam('generate', (team) => `/api/v1/images/${team.imageId}/restore`),
  'POST /api/v1/images/:image_id/reproduce': inTeam('generate', (team) => `/api/v1/images/${team.imageId}/reproduce`),
};

/** Reads are for every role; what changes something must say what it needs. */
function rowOf({ method, url, access }: { method: string; url: string; access: string }): Row | undefined {
  const row = rows[`${method} ${url}`];
  if (row !== undefined) return row;
  if (access === 'public') return 'public';
  if (url.startsWith('/api/v1/me/')) return 'personal';
  return method === 'GET' ? 'read' : undefined;
}

function urlOf(template: string, row: Row, team: Team): string {
  if (typeof row === 'object') return row.url(team);
  return template
    .replace(':job_id/preview', `${team.runningJobId}/preview`)
    .replace(':job_id', team.doneJobId)
    .replace(':image_id', team.imageId);
}

test('every route that changes something says what it needs of a role', ({ api }) => {
  const routes = api.app.routeTable.filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS');
  expect(routes.filter((route) => rowOf(route) === undefined)).toEqual([]);
  // A read that asks for the right to change is a mistake in this table or in the route.
  for (const route of routes.filter(({ access }) => access === 'generate')) {
    const row = rowOf(route);
    expect(typeof row === 'object' ? row.needs : row, `${route.method} ${route.url}`).toBe('generate');
  }
});

test.for(roles.flatMap((role) => (['session', 'key'] as const).map((by) => [role, by] as const)))(
  'the role %s, by %s, may do on every route what the permission table says and nothing else',
  async ([role, by], { db, api }) => {
    const team = await aTeam();
    const before = await hashOfWorkspace(db, team.workspaceId);
    const caller = await callerOf(team);
    const baseline = await hashOfWorkspace(db, team.workspaceId);
    let refused = 0;
    const allowed: (() => Promise<void>)[] = [];
    for (const route of api.app.routeTable) {
      if (route.method === 'HEAD' || route.method === 'OPTIONS') continue;
      const row = rowOf(route);
      if (row === undefined || row === 'public' || row === 'personal' || row === 'stream') continue;
      const action = typeof row === 'object' ? row.needs : row;
      const name = `${route.method} ${route.url}`;
      const request: InjectOptions = {
        method: route.method,
        url: urlOf(route.url, row, team),
        ...(typeof row === 'object' && row.payload && { payload: row.payload }),
      };
      const sessionOnly = by === 'key' && route.access === 'session';
      const check = async (): Promise<void> => {
        const answer = await api.call({ ...request, as: caller });
        const code = answer.statusCode >= 400 ? answer.json().code : undefined;
        if (sessionOnly) expect.soft(code, name).toBe('session_required');
        else if (may(role, action)) {
          expect.soft(['role_not_allowed', 'session_required', 'unauthenticated'], name).not.toContain(code);
          expect.soft(answer.statusCode, name).toBeLessThan(500);
        } else if (action === 'manage_all_keys' && may(role, 'manage_own_keys')) {
          // Somebody else's key is no key of theirs.
          expect.soft(code, name).toBe('not_found');
        } else expect.soft(code, name).toBe('role_not_allowed');
      };
      if (!sessionOnly && may(role, action)) allowed.push(check);
      else {
        refused += 1;
        await check();
      }
    }
    // What is refused changes nothing; only then come the changes that are allowed, reads first.
    expect(await hashOfWorkspace(db, team.workspaceId)).toEqual(baseline);
    expect(baseline['generation']).toBe(before['generation']);
    for (const check of allowed) await check();
    expect(refused + allowed.length).toBeGreaterThan(25);

    async function aTeam(): Promise<Team> {
      const victim = await aVictim(db, api);
      await db.owner.pool.query("update workspace set plan = 'enterprise' where workspace_id = $1", [
        victim.workspaceId,
      ]);
      return { ...victim, other: await aMemberOf(db, victim.workspaceId, 'viewer') };
    }
    async function callerOf({ workspaceId }: Team): Promise<{ headers: Record<string, string> }> {
      const member = await aMemberOf(db, workspaceId, role);
      if (by === 'session') return member;
      const key = await aKeyCaller(db, { of: member });
      // The first use of a key in a minute is written beside the request.
      await db.owner.pool.query('update api_key set last_used_at = now() where key_id = $1', [key.keyId]);
      return key;
    }
  },
);
