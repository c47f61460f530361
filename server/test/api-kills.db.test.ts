import { test } from 'vitest';
import { killApis } from '#test/api-kills.ts';

test('an API killed after its submits committed, before it answered: sent again, each is one job and one hold', async () => {
  await killApis({ kills: 2, callsPerKill: 20 });
});
