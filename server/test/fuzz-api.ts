import type { LightMyRequestResponse } from 'fastify';
import fc from 'fast-check';
import { problemStatus } from '#platform/errors.ts';
import { aJwtCaller, aKeyCaller, aPerson, aSessionCaller, type TestApi } from '#test/app.ts';
import { rawPng, randomFrom } from '#adapters/pictures/test-pictures.ts';
import type { TestDatabase } from '#test/database.ts';
import { type Operation, operationsOf } from '#test/fuzz-operations.ts';
import { fill, type Sample } from '#test/schema-arbitrary.ts';
import { aVictim, hashOfWorkspace, type Victim } from '#test/victim.ts';

type Who = { name: string; headers: Record<string, string>; mayWrite: boolean };

/** A workspace with one of everything, those who call there, and the ids they know. */
type Round = {
  victim: Victim;
  callers: Who[];
  readers: Who[];
  ids: Map<string, unknown[]>;
  gone: string[];
  random: () => number;
};

export type FuzzOptions = {
  db: TestDatabase;
  api: TestApi;
  /** Calls of each operation, at least. */
  perOperation: number;
  seed: number;
};

export type FuzzReport = {
  /** What went against the contract, each with the call that shows it. Empty when all is well. */
  failures: string[];
  calls: number;
  /** How many calls of each operation were made, and how many were answered 2xx. */
  made: Map<string, { calls: number; done: number }>;
};

const nobodys = '01234567-89ab-7def-8123-456789abcdef';
const junkIds = ['x', '%00', '..', '%2e%2e%2f', '0', 'null', 'x'.repeat(120), '%E2%80%AE', "'", nobodys.toUpperCase()];
const failuresMax = 20;
/** Requests of a person about themselves, which say nothing of a workspace; a viewer may make them. */
const ownMatters = /\/(me|auth|invitations|workspaces|sessions|two-factor|captcha)(\/|$)/;
const isOwnMatter = ({ path, method, access }: Operation): boolean =>
  ownMatters.test(path) && method !== 'GET' && access !== 'public';

/**
 * Calls every operation of the document in rounds: create, use, delete, use again, each with a random caller and a body, query and path half right and
 * half spoilt; then everything once more by those who may only read. Looks at each answer: no 5xx, the documented schema of its status, no field that
 * nobody knows, no write without the right to it. The same seed makes the same calls.
 */
export async function fuzzApi({ db, api, perOperation, seed }: FuzzOptions): Promise<FuzzReport> {
  const operations = operationsOf(api);
  const report: FuzzReport = { failures: [], calls: 0, made: new Map() };
  const rounds = Math.ceil(perOperation / 2);
  const queue = Array.from({ length: rounds }, (_, number) => number);
  // Four rounds at a time: they are strangers to each other, and the pool is shared.
  const lane = async (): Promise<void> => {
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      if (report.failures.length >= failuresMax) return;
      await playRound({ db, api, seed: seed * 100_003 + number }, operations, report);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return report;
}

async function playRound(
  { db, api, seed }: Omit<FuzzOptions, 'perOperation'>,
  operations: Operation[],
  report: FuzzReport,
): Promise<void> {
  const round = await aRound(db, api, seed);
  const creators = operations.filter(({ creates }) => creates.length > 0);
  const removers = operations.filter(({ method }) => method === 'DELETE');
  const others = operations.filter((operation) => !creators.includes(operation) && !removers.includes(operation));
  // Readers leave out what concerns themselves; it is called twice before.
  const again = others.filter((operation) => operation.idName !== undefined || isOwnMatter(operation));
  const story = [
    ...creators,
    ...shuffled(others, round.random),
    ...removers,
    ...shuffled(again, round.random),
    ...removers,
  ];
  const writers = round.callers.filter(({ mayWrite }) => mayWrite);
  for (const [at, operation] of creators.entries())
    await playCall(api, round, pickFrom(writers, round.random()), operation, seed + 900 + at, report);
  for (const [at, operation] of story.entries())
    await playCall(api, round, pickFrom(round.callers, round.random()), operation, seed + at, report);

  const before = await hashOf(db, round.victim.workspaceId);
  for (const [at, operation] of operations.entries()) {
    if (isOwnMatter(operation)) continue;
    await playCall(api, round, pickFrom(round.readers, round.random()), operation, seed + 500 + at, report);
  }
  const after = await hashOf(db, round.victim.workspaceId);
  const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
  if (changed.length > 0) report.failures.push(`readers changed ${changed.join(', ')} (round seed ${seed})`);
}

/** The rows of a workspace, without what reading may move: when its keys were last used, and how far its ledger is sealed (an export seals first). */
async function hashOf(db: TestDatabase, workspaceId: string): Promise<Record<string, string>> {
  const {
    api_key: _keys,
    ledger_seal: _seal,
    ledger_unsealed: _unsealed,
    ...hashes
  } = await hashOfWorkspace(db, workspaceId);
  const { rows } = await db.owner.pool.query<{ keys: string }>(
    "select coalesce(string_agg((to_jsonb(k) - 'last_used_at')::text, ' ' order by key_id), '') as keys from api_key k where workspace_id = $1",
    [workspaceId],
  );
  return { ...hashes, api_key: rows[0]!.keys };
}

async function aRound(db: TestDatabase, api: TestApi, seed: number): Promise<Round> {
  const victim = await aVictim(db, api);
  const stranger = await aSessionCaller(db);
  const viewer = await aSessionCaller(db, { of: await aPerson(db) });
  await db.owner.pool.query("insert into workspace_member (workspace_id, user_id, role) values ($1, $2, 'viewer')", [
    victim.workspaceId,
    viewer.userId,
  ]);
  const there = { 'x-workspace-id': victim.workspaceId };
  const who = (name: string, headers: Record<string, string>, mayWrite: boolean): Who => ({ name, headers, mayWrite });
  const readers = [
    who('a viewer', { ...viewer.headers, ...there }, false),
    // In a workspace of their own they may do anything; what they reach by id is judged by the victim's rows.
    who('a viewer by the things’ ids', viewer.headers, true),
    who('a read-only key', (await aKeyCaller(db, { of: victim, scopes: ['read'] })).headers, false),
    who('nobody', {}, false),
  ];
  return {
    victim,
    readers,
    callers: [
      ...readers.filter(({ name }) => name !== 'a viewer by the things’ ids'),
      who('the owner', victim.headers, true),
      who('the owner there', { ...victim.headers, ...there }, true),
      who('a key', (await aKeyCaller(db, { of: victim })).headers, true),
      who('an access token', (await aJwtCaller(db, { of: victim })).headers, true),
      who('a stranger', stranger.headers, true),
    ],
    ids: new Map<string, unknown[]>([
      ['model', [victim.model]],
      ['width', [64, 128, 256]],
      ['height', [64, 128, 256]],
      ['steps', [1, 12]],
      ['count', [1, 2]],
      ['job_id', [victim.doneJobId, victim.runningJobId]],
      ['image_id', [victim.imageId]],
      ['quote_id', [victim.quoteId]],
      ['email', [victim.email, stranger.email]],
      ['password', ['not the password']],
      ['workspace_id', [victim.workspaceId, stranger.workspaceId]],
      ['user_id', [viewer.userId, victim.userId]],
      ['id', [victim.keyId]],
    ]),
    gone: [],
    random: randomFrom(seed),
  };
}

async function playCall(
  api: TestApi,
  round: Round,
  caller: Who,
  operation: Operation,
  seed: number,
  report: FuzzReport,
): Promise<void> {
  if (report.failures.length >= failuresMax) return;
  const { random } = round;
  const ofName = (name: string): readonly unknown[] =>
    round.ids.get(name) ?? (name.endsWith('image_id') ? (round.ids.get('image_id') ?? []) : []);
  const sample = (arbitrary: fc.Arbitrary<Sample> | undefined): Sample | undefined =>
    arbitrary && fc.sample(arbitrary, { numRuns: 1, seed })[0];
  const query = sample(operation.query);
  const body = sample(operation.body);
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((fill(query?.value, ofName) ?? {}) as Record<string, unknown>))
    search.append(name, typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value));
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => idFor(name, round));
  const upload = operation.isUpload ? aForm(random()) : undefined;
  const request = {
    method: operation.method as 'GET',
    url: search.size > 0 ? `${path}?${search.toString()}` : path,
    headers: {
      ...caller.headers,
      ...(random() % 4 === 0 && { 'idempotency-key': pickFrom(['k1', 'k2', 'é', 'x'.repeat(300)], random()) }),
      ...(random() % 4 === 0 && { 'accept-language': pickFrom(['ko', 'en;q=0', ';;;', '*'], random()) }),
      ...(body && { 'content-type': 'application/json' }),
      ...upload?.headers,
    },
    ...(body && { payload: JSON.stringify(fill(body.value, ofName)) }),
    ...(upload && { payload: upload.payload }),
  };
  const answer = await api.call({ ...request, ...(operation.isStream && { payloadAsStream: true }) });
  const text = operation.isStream && answer.statusCode < 300 ? undefined : await textOf(answer, operation.isStream);
  if (text === undefined) answer.stream().destroy();

  report.calls += 1;
  const made = report.made.get(operation.name) ?? { calls: 0, done: 0 };
  made.calls += 1;
  if (answer.statusCode < 300) made.done += 1;
  report.made.set(operation.name, made);

  const wrong = wrongWith(
    operation,
    caller,
    answer,
    text,
    [query, body].some((part) => part?.unknownField),
  );
  if (wrong)
    report.failures.push(
      `${caller.name}: ${request.method} ${request.url} ${String(request.payload ?? '').slice(0, 600)}\n  ${answer.statusCode} ${(text ?? '').slice(0, 600)}\n  ${wrong} (call seed ${seed})`,
    );
  remember(operation, answer, text, path, round);
}

/** What is wrong with an answer, in words; undefined when nothing is. */
function wrongWith(
  operation: Operation,
  caller: Who,
  { statusCode, headers }: LightMyRequestResponse,
  text: string | undefined,
  unknownField: boolean,
): string | undefined {
  if (statusCode >= 500) return 'a 5xx';
  const check = operation.answers[String(statusCode)];
  if (!check) return 'a status that the document does not name';
  const type = (headers['content-type'] ?? '').split(';')[0]!;
  if (check.types.length > 0 ? !check.types.includes(type) : text !== '') return `not of a documented type: ${type}`;
  if (statusCode < 300 && unknownField) return 'a field that nobody knows was taken';
  if (statusCode < 300 && !caller.mayWrite && operation.method !== 'GET' && operation.access !== 'public') {
    if (!ownMatters.test(operation.path)) return 'a write by somebody who may only read';
  }
  if (!check.parse) return undefined;
  const body = JSON.parse(text ?? '') as { code?: keyof typeof problemStatus; status?: number };
  const mismatch = check.parse(body);
  if (mismatch) return `unlike its schema: ${mismatch}`;
  if (statusCode >= 400 && (body.status !== statusCode || problemStatus[body.code!] !== statusCode))
    return 'a problem that says another status';
  return undefined;
}

async function textOf(answer: LightMyRequestResponse, isStream: boolean): Promise<string> {
  if (!isStream) return answer.body;
  const parts: Buffer[] = [];
  for await (const part of answer.stream()) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** Keeps the ids that an answer made, and which are gone. */
function remember(
  operation: Operation,
  { statusCode }: LightMyRequestResponse,
  text: string | undefined,
  path: string,
  round: Round,
): void {
  if (statusCode >= 300 || text === undefined) return;
  if (operation.method === 'DELETE') round.gone.push(path.split('/').at(-1)!);
  if (operation.creates.length === 0) return;
  const body = JSON.parse(text) as Record<string, unknown>;
  for (const name of operation.creates)
    if (body[name]) round.ids.set(name, [...(round.ids.get(name) ?? []), body[name]]);
}

/** Mostly the newest of its kind, else an older one, one that is gone, nobody's or none at all. */
function idFor(name: string, { ids, gone, random }: Round): string {
  const own = (ids.get(name) ?? []) as string[];
  const draw = random() % 10;
  if (draw < 5 && own.length > 0) return own.at(-1)!;
  if (draw < 7 && own.length > 0) return pickFrom(own, random());
  if (draw < 8 && gone.length > 0) return pickFrom(gone, random());
  return draw < 9 ? nobodys : pickFrom(junkIds, random());
}

const smallPng = rawPng({ width: 8, height: 8 });

/** A form with a picture, or something else than a picture, or in another field, or no form at all. */
function aForm(draw: number): { headers: Record<string, string>; payload: Buffer } {
  const part = (name: string, content: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(
        `--b\r\ncontent-disposition: form-data; name="${name}"; filename="f"\r\ncontent-type: image/png\r\n\r\n`,
      ),
      content,
      Buffer.from('\r\n'),
    ]);
  const end = Buffer.from('--b--\r\n');
  const forms = [
    Buffer.concat([part('file', smallPng), end]),
    Buffer.concat([part('file', smallPng), end]),
    Buffer.concat([part('file', smallPng.subarray(0, 40)), end]),
    Buffer.concat([part('file', Buffer.from('<svg/>')), end]),
    Buffer.concat([part('other', smallPng), end]),
    Buffer.concat([part('file', smallPng), part('file', smallPng), end]),
    part('file', smallPng),
    end,
    Buffer.from('no form'),
  ];
  const type = draw % 16 === 0 ? 'multipart/form-data' : 'multipart/form-data; boundary=b';
  return { headers: { 'content-type': type }, payload: pickFrom(forms, draw >>> 4) };
}

const pickFrom = <T>(list: readonly T[], draw: number): T => list[draw % list.length]!;

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
