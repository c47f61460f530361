import { expect } from 'vitest';
import { test } from '#test/database.ts';
import { compareLedgers } from '#test/ledger-model.ts';

/*
 * The ledger's SQL and its model walk through the same random histories and must agree after every command.
 *
 * It fails, as tried, when one of these guards is removed:
 * - ledger_capture without `if h.state <> 'open'` (settled twice: held goes below zero);
 * - ledger_release without its ledger_expire (credits of an ended month can be spent again);
 * - ledger_hold ordering by creation instead of priority (bought credits burn before the month's);
 * - ledger_refund recording its consumption without the minus (a second refund gives more than was paid);
 * - ledger_advance not rolling the month when somebody looked a day ago (usage and grants stay in the old one).
 */

test('on random histories SQL moves what the rules say, to the milli-credit', { timeout: 240_000 }, async ({ db }) => {
  const seen = await compareLedgers({ db, histories: 200, happenings: 100, seed: 20240229, timeLimitMs: 200_000 });
  // What the generator must have reached; a history without it would prove little.
  expect(seen).toMatchObject(
    Object.fromEntries(
      ['refused', 'settle', 'release', 'refund', 'expiry', 'overrun', 'contract', 'clock', 'claw_back', 'freeze'].map(
        (what) => [what, expect.any(Number)],
      ),
    ),
  );
});
