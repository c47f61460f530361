import { test } from 'vitest';
import { flood } from '#test/submit-flood.ts';

// It fails, as tried, when `ledger_hold` does not compare with what is available.
test('1,000 submits at once over three API processes, with credits for 137: exactly 137 are accepted', async () => {
  await flood([{ requests: 1_000, affordable: 137 }]);
});
