import type { CreditGrant, CreditState, GrantKind, NewGrant, Posting } from './credit-state.ts';

// The inner moves that the steps of credits.ts are made of.

const burnPriority: Record<GrantKind, number> = { plan: 1, promotional: 2, purchase: 3, contract: 4 };
const issuer: Record<GrantKind, string> = {
  plan: 'issued:plan',
  promotional: 'issued:promo',
  purchase: 'issued:purchase',
  contract: 'issued:contract',
};

/** Who pays first: the month's credits, then promotional, then bought ones; within a kind earlier expiry, then older. */
export function burnOrder(a: CreditGrant, b: CreditGrant): number {
  return (
    burnPriority[a.kind] - burnPriority[b.kind] ||
    Math.sign((a.expiresMs ?? Number.MAX_SAFE_INTEGER) - (b.expiresMs ?? Number.MAX_SAFE_INTEGER)) ||
    a.createdMs - b.createdMs ||
    a.no - b.no
  );
}

export const instant = (atMs: number): string => new Date(atMs).toISOString().replace('Z', '000Z');
export const sum = (amounts: Iterable<number>): number => [...amounts].reduce((total, amount) => total + amount, 0);
export const isOver = (grant: CreditGrant, atMs: number): boolean =>
  grant.expiresMs !== null && grant.expiresMs <= atMs;

export function liveGrants(state: CreditState, nowMs: number): CreditGrant[] {
  return state.grants
    .filter((grant) => !grant.frozen && grant.effectiveMs <= nowMs && !isOver(grant, nowMs))
    .sort(burnOrder);
}

/** Shares of `amount` over `parts` in their order, each at most its own amount. */
export function share(
  parts: readonly { grant: number; amount: number }[],
  amount: number,
): { grant: number; amount: number }[] {
  let left = amount;
  return parts.flatMap((part) => {
    const taken = Math.min(part.amount, left);
    left -= taken;
    return taken > 0 ? [{ grant: part.grant, amount: taken }] : [];
  });
}

export const freeParts = (grants: readonly CreditGrant[]): { grant: number; amount: number }[] =>
  grants.map((grant) => ({ grant: grant.no, amount: grant.remaining - grant.reserved }));

/** Adds `sign` × the parts to a column of their grants. */
export function move(
  state: CreditState,
  column: 'remaining' | 'reserved',
  sign: 1 | -1,
  parts: readonly { grant: number; amount: number }[],
): CreditState {
  const changes = new Map(parts.map((part) => [part.grant, sign * part.amount]));
  const grants = state.grants.map((grant) => ({ ...grant, [column]: grant[column] + (changes.get(grant.no) ?? 0) }));
  return { ...state, grants };
}

export function post(
  state: CreditState,
  posting: Partial<Posting> & Pick<Posting, 'kind' | 'reference' | 'amount' | 'contra'>,
): CreditState {
  const whole = { overrun: 0, generationId: null, holdId: null, consumption: [], ...posting };
  return { ...state, postings: [...state.postings, whole] };
}

export function expire(state: CreditState, atMs: number, reference: string): CreditState {
  const parts = freeParts(state.grants.filter((grant) => isOver(grant, atMs))).filter((part) => part.amount > 0);
  if (parts.length === 0) return state;
  const amount = -sum(parts.map((part) => part.amount));
  return move(
    post(state, { kind: 'expiry', reference, amount, contra: 'expired', consumption: parts }),
    'remaining',
    -1,
    parts,
  );
}

export function issue(state: CreditState, grant: NewGrant, nowMs: number, contra = issuer[grant.kind]): CreditState {
  const { kind, amount, reference, effectiveMs, expiresMs } = grant;
  const row = {
    no: state.grants.length,
    kind,
    granted: amount,
    remaining: amount,
    reserved: 0,
    effectiveMs,
    expiresMs,
    createdMs: nowMs,
    frozen: false,
  };
  const posted = post(state, { kind: contra === 'adjustment' ? 'adjustment' : 'grant', reference, amount, contra });
  return { ...posted, grants: [...state.grants, row] };
}
