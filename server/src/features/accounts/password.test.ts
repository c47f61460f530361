import { expect, test } from 'vitest';
import { createPasswords } from './password.ts';

test('a password is recognised and no other is', async () => {
  const passwords = createPasswords();
  const hash = await passwords.hash('비밀번호 123');
  expect(hash).not.toContain('123');
  expect(await passwords.verify({ hash, password: '비밀번호 123' })).toBe(true);
  expect(await passwords.verify({ hash, password: '비밀번호 124' })).toBe(false);
  expect(await passwords.verifyNothing('비밀번호 123')).toBe(false);
});

test('a crowd at the door waits its turn, and who comes when all places are taken is told to come back', async () => {
  const passwords = createPasswords({ atOnceMax: 2, waitingMax: 3 });
  const order: string[] = [];
  const outcomes = Array.from({ length: 7 }, (_, at) =>
    passwords.hash(`password ${at}`).then(
      () => order.push('hashed'),
      (error: unknown) => order.push((error as { code: string }).code),
    ),
  );
  await Promise.all(outcomes);
  expect(order).toEqual(['rate_limited', 'rate_limited', ...Array<string>(5).fill('hashed')]);
  expect(await passwords.verifyNothing('the door is free again')).toBe(false);
});
