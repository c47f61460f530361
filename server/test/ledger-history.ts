import fc from 'fast-check';
import {
  adjustCredits,
  advance,
  captureHold,
  changePlan,
  clawBack,
  type CreditState,
  freezeGrant,
  grantCredits,
  holdCredits,
  refundGeneration,
  releaseHold,
  type Step,
} from '@pingvas/domain';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** One call of a ledger function, and the same step of the model. `null` amounts are not compared (SQL answers nothing comparable). */
export type Command = {
  name: string;
  sql: string;
  values: (workspaceId: string, now: Date) => unknown[];
  apply: (state: CreditState, nowMs: number) => Step;
  compared: boolean;
};

/** A command at its instant. */
export type Moment = { nowMs: number; command: Command };

const amount = fc.integer({ min: 1, max: 5_000 });
const pick = fc.nat({ max: 999 });

/** What may happen next, in the abstract: `pick` chooses among the holds, generations or commands there are by then. */
const happening = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('grant' as const),
      kind: fc.constantFrom('plan' as const, 'promotional' as const),
      amount,
      effectiveIn: fc.constantFrom(0, 0, 0, 5 * dayMs),
      lives: fc.constantFrom(-dayMs, 1, hourMs, 3 * dayMs, 3 * dayMs, 31 * dayMs, null),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('buy' as const), amount }) },
  {
    weight: 7,
    arbitrary: fc.record({ what: fc.constant('hold' as const), amount: fc.integer({ min: 0, max: 4_000 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('settle' as const),
      pick,
      how: fc.constantFrom('less' as const, 'exact' as const, 'more' as const, 'nothing' as const),
      by: fc.integer({ min: 1, max: 2_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('release' as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('clock' as const),
      ms: fc.constantFrom(0, 1, 59_999, hourMs, dayMs, 9 * dayMs, 31 * dayMs, 100 * dayMs),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('refund' as const),
      pick,
      amount: fc.option(fc.integer({ min: 0, max: 3_000 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('adjust' as const), amount: fc.integer({ min: -4_000, max: 2_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('plan' as const),
      plan: fc.constantFrom('free' as const, 'pro' as const, 'enterprise' as const),
      clockGrant: fc.option(fc.integer({ min: 1, max: 3_000 })),
      grant: fc.constantFrom(0, 2_500, 4_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('claw_back' as const), pick, amount }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('freeze' as const), pick, frozen: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('replay' as const), pick }) },
);
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Where clocks are known to break: leap days, ends of months, the year's end in Seoul (15:00 UTC) and in UTC. */
export const anchors = [
  '2024-02-29T15:00:00.000Z',
  '2023-12-31T14:59:59.999Z',
  '2024-01-31T00:00:00.000Z',
  '2024-12-31T23:59:59.999Z',
  '2025-08-31T15:00:00.000Z',
  '2026-11-30T08:30:15.123Z',
].map((text) => Date.parse(text));

/** A whole history: so many happenings from one of the anchors on, in a workspace whose clock grants (or not). */
export const historyOf = (happenings: number) =>
  fc.record({
    anchorMs: fc.constantFrom(...anchors),
    clockGrant: fc.option(fc.integer({ min: 1, max: 3_000 })),
    happenings: fc.array(happening, { minLength: happenings, maxLength: happenings }),
  });

const uuid = (family: number, n: number): string =>
  `00000000-0000-7000-8000-${family.toString(16).padStart(4, '0')}${n.toString(16).padStart(8, '0')}`;

/**
 * Makes the abstract happenings concrete: the model says which holds and generations exist at each point. Returns one command per happening,
 * each with the model's state and answer after it.
 */
export function play(
  start: CreditState,
  startMs: number,
  happenings: readonly Happening[],
): (Moment & { expected: Step })[] {
  let state = start;
  let nowMs = startMs;
  const past: Command[] = [];
  return happenings.map((happening, n) => {
    if (happening.what === 'clock') nowMs += happening.ms;
    const command = makeCommand(happening, { state, nowMs, n, past });
    past.push(command);
    const expected = command.apply(state, nowMs);
    state = expected.state;
    return { nowMs, command, expected };
  });
}

type Scene = { state: CreditState; nowMs: number; n: number; past: readonly Command[] };

function makeCommand(happening: Happening, scene: Scene): Command {
  const { state, nowMs, n, past } = scene;
  const reference = `${happening.what}:${n}`;
  const hold = 'pick' in happening ? state.holds[happening.pick % Math.max(1, state.holds.length)] : undefined;
  // What an Enterprise job consumed was never paid for by itself.
  const sold = state.grants.filter(({ kind }) => kind !== 'contract');
  const grantNo = 'pick' in happening ? sold[happening.pick % Math.max(1, sold.length)]?.no : undefined;
  switch (happening.what) {
    case 'grant': {
      const effectiveMs = nowMs + happening.effectiveIn;
      return grant(
        happening.kind,
        happening.amount,
        reference,
        effectiveMs,
        happening.lives === null ? null : effectiveMs + happening.lives,
      );
    }
    case 'buy':
      return grant('purchase', happening.amount, reference, nowMs, null);
    case 'hold':
      return reserve(uuid(1, n), reference, happening.amount);
    case 'settle': {
      if (!hold) return visit;
      const by = { less: -happening.by, exact: 0, more: happening.by, nothing: -hold.amount }[happening.how];
      return settle(hold.holdId, Math.max(0, hold.amount + by));
    }
    case 'release':
      return hold ? release(hold.holdId) : visit;
    case 'refund':
      return hold ? refund(hold.holdId, happening.amount, reference) : visit;
    case 'adjust':
      return adjust(happening.amount, reference);
    case 'plan':
      return plan(happening, reference);
    case 'claw_back':
      return grantNo === undefined ? visit : takeBack(grantNo, happening.amount, reference);
    case 'freeze':
      return grantNo === undefined ? visit : freeze(grantNo, happening.frozen);
    case 'replay':
      return past[happening.pick % Math.max(1, past.length)] ?? visit;
    case 'clock':
      return visit;
  }
}

const visit: Command = {
  name: 'visit',
  sql: 'select 0 as answer from public.ledger_advance($1, $2)',
  values: (workspaceId, now) => [workspaceId, now],
  apply: (state, nowMs) => ({ state: advance(state, nowMs), amount: 0 }),
  compared: true,
};

const grant = (
  kind: 'plan' | 'promotional' | 'purchase',
  amount: number,
  reference: string,
  effectiveMs: number,
  expiresMs: number | null,
): Command => ({
  name: `grant ${kind} ${amount} ${reference} until ${expiresMs === null ? 'ever' : new Date(expiresMs).toISOString()}`,
  sql: "select public.ledger_grant($1, $2, $3, $4, 'test', $5, $6, null, $7) as answer",
  values: (workspaceId, now) => [
    workspaceId,
    kind,
    amount,
    reference,
    new Date(effectiveMs),
    expiresMs === null ? null : new Date(expiresMs),
    now,
  ],
  apply: (state, nowMs) => grantCredits(state, { kind, amount, reference, effectiveMs, expiresMs }, nowMs),
  compared: false,
});

const reserve = (holdId: string, businessId: string, amount: number): Command => ({
  name: `hold ${amount} ${businessId}`,
  sql: 'select public.ledger_hold($1, $2, $3, $4, $5) as answer from public.ledger_advance($1, $5)',
  values: (workspaceId, now) => [workspaceId, holdId, businessId, amount, now],
  apply: (state, nowMs) => holdCredits(state, { holdId, businessId, amount }, nowMs),
  compared: true,
});

// A generation's id is its hold's: one hold, one generation.
const settle = (holdId: string, actual: number): Command => ({
  name: `settle ${holdId} ${actual}`,
  sql: "select public.ledger_capture($1, $2, $3, $2, 'test', $4) as answer",
  values: (workspaceId, now) => [workspaceId, holdId, actual, now],
  apply: (state, nowMs) => captureHold(state, { holdId, actual, generationId: holdId }, nowMs),
  compared: true,
});

const release = (holdId: string): Command => ({
  name: `release ${holdId}`,
  sql: 'select public.ledger_release($1, $2, $3) as answer',
  values: (workspaceId, now) => [workspaceId, holdId, now],
  apply: (state, nowMs) => releaseHold(state, holdId, nowMs),
  compared: true,
});

const refund = (generationId: string, amount: number | null, reference: string): Command => ({
  name: `refund ${generationId} ${amount ?? 'all'} ${reference}`,
  sql: "select public.ledger_refund($1, $2, $3, $4, 'test', $5) as answer",
  values: (workspaceId, now) => [workspaceId, generationId, amount, reference, now],
  apply: (state, nowMs) => refundGeneration(state, { generationId, amount, reference }, nowMs),
  compared: true,
});

const adjust = (amount: number, reference: string): Command => ({
  name: `adjust ${amount} ${reference}`,
  sql: "select public.ledger_adjust($1, $2, $3, 'test', $4) as answer",
  values: (workspaceId, now) => [workspaceId, amount, reference, now],
  apply: (state, nowMs) => adjustCredits(state, { amount, reference }, nowMs),
  compared: true,
});

const grantIdSql =
  '(select grant_id from public.credit_grant where workspace_id = $1 order by grant_id offset $2 limit 1)';

const takeBack = (grantNo: number, amount: number, reference: string): Command => ({
  name: `claw_back ${grantNo} ${amount} ${reference}`,
  sql: `select public.ledger_claw_back($1, ${grantIdSql}, $3, $4, 'test', $5) as answer`,
  values: (workspaceId, now) => [workspaceId, grantNo, amount, reference, now],
  apply: (state, nowMs) => clawBack(state, { grant: grantNo, amount, reference }, nowMs),
  compared: true,
});

const freeze = (grantNo: number, frozen: boolean): Command => ({
  name: `freeze ${grantNo} ${frozen}`,
  sql: `select public.ledger_freeze($1, ${grantIdSql}, $3, $4) as answer`,
  values: (workspaceId, now) => [workspaceId, grantNo, frozen, now],
  apply: (state, nowMs) => freezeGrant(state, { grant: grantNo, frozen }, nowMs),
  compared: true,
});

const plan = (
  { plan: name, clockGrant, grant: granted }: { plan: string; clockGrant: number | null; grant: number },
  reference: string,
): Command => ({
  name: `plan ${name} ${reference}`,
  sql: 'select public.set_plan($1, $2, $3, $4, $5, $6) as answer',
  values: (workspaceId, now) => [workspaceId, name, clockGrant, granted, reference, now],
  apply: (state, nowMs) =>
    changePlan(state, { unlimited: name === 'enterprise', clockGrant, grant: granted, reference }, nowMs),
  compared: false,
});
