import { expect } from 'vitest';
import { aCatalogueModel, aPerson, aSessionCaller, type Caller } from '#test/app.ts';
import { type ApiProcess, anInstallation } from '#test/installation.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';

/** What a request of `body` holds: the model's start value for one image at the defaults, twice over. */
const heldMilli = 6_000;
const peoplePerWorkspace = 4;

export type Flood = { requests: number; affordable: number };

/**
 * Sends all requests at once (200 connections) to three API processes, for workspaces whose credits suffice for `affordable` jobs together, and checks
 * that exactly those are accepted, that all others are told 402, and that holds and counters agree. A workspace may have 5,008 open jobs (plan Studio),
 * so more than that are spread over two. Returns the milliseconds it took.
 */
export async function flood(floods: Flood[], report: (line: string) => void = () => undefined): Promise<void> {
  const installation = await anInstallation();
  try {
    const { db } = installation;
    const apis = await Promise.all([1, 2, 3].map(() => installation.startApi()));
    const model = await aCatalogueModel(db);
    for (const { requests, affordable } of floods) {
      const shares = affordable > 5_000 ? [Math.ceil(affordable / 2), Math.floor(affordable / 2)] : [affordable];
      const places = await Promise.all(
        shares.map(async (share) => {
          const owner = await aPerson(db, { plan: 'studio', credits: share * heldMilli });
          return { workspaceId: owner.workspaceId, people: await peopleOf(db, owner) };
        }),
      );
      const startedAt = performance.now();
      const statuses = await sendAll(apis, requests, (n) => {
        const place = places[n % places.length]!;
        const person = place.people[Math.floor(n / places.length) % place.people.length]!;
        return { headers: { ...person.headers, 'x-workspace-id': place.workspaceId }, body: { model, prompt: 'x' } };
      });
      const ms = Math.round(performance.now() - startedAt);
      report(`${requests} at once, credits for ${affordable}: ${JSON.stringify(statuses)} in ${ms} ms`);
      expect(statuses).toEqual(
        Object.fromEntries(
          [
            ['202', affordable],
            ['402', requests - affordable],
          ].filter(([, count]) => count !== 0),
        ),
      );
      const ids = places.map(({ workspaceId }) => workspaceId);
      const { rows } = await db.owner.pool.query<{ held: number; overdrawn: boolean }>(
        'select sum(held)::bigint as held, bool_or(balance < held or held < 0) as overdrawn from public.credit_account where workspace_id = any($1)',
        [ids],
      );
      expect(rows[0]).toEqual({ held: affordable * heldMilli, overdrawn: false });
      expect(await brokenQueueRules(db, ids)).toEqual([]);
    }
    await Promise.all(apis.map((api) => api.stop()));
  } finally {
    await installation.close();
  }
}

async function peopleOf(db: Parameters<typeof aPerson>[0], owner: Caller): Promise<Caller[]> {
  const others = await Promise.all(
    Array.from({ length: peoplePerWorkspace - 1 }, async () => {
      const person = await aPerson(db, { credits: 0 });
      await db.owner.pool.query(
        "insert into public.workspace_member (workspace_id, user_id, role) values ($1, $2, 'member')",
        [owner.workspaceId, person.userId],
      );
      return person;
    }),
  );
  return Promise.all([owner, ...others].map((of) => aSessionCaller(db, { of })));
}

/** Sends request 0 to `count` - 1, up to 192 at a time, in turn to each process. Returns how many answers had each status. */
async function sendAll(
  apis: ApiProcess[],
  count: number,
  request: (n: number) => { headers: Record<string, string>; body: unknown },
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const { status } = await apis[n % apis.length]!.call({ path: '/api/v1/generate', ...request(n) });
      statuses[status] = (statuses[status] ?? 0) + 1;
    }),
  );
  return statuses;
}
