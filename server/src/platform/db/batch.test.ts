import { expect, test } from 'vitest';
import { batchCalls } from './batch.ts';
import type { Database } from './database.ts';

const db = {} as Database;

/** A statement under way: its inputs, and how it ends. */
type Statement = { inputs: readonly number[]; answer: (outputs?: number[]) => void; fail: (error: Error) => void };

function aDatabase(): { statements: Statement[]; call: (n: number) => Promise<number> } {
  const statements: Statement[] = [];
  const call = batchCalls<number, number>(
    (_, inputs) =>
      new Promise((resolve, reject) => {
        statements.push({
          inputs,
          answer: (outputs) => resolve(outputs ?? inputs.map((input) => input * 10)),
          fail: reject,
        });
      }),
    { inFlightMax: 2, sizeMax: 3 },
  );
  return { statements, call: (n) => call(db, n) };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const refused = (code: string): Error => Object.assign(new Error('refused'), { code });

test('calls of one turn share a statement, and each gets its own answer', async () => {
  const { statements, call } = aDatabase();
  const answers = Promise.all([call(1), call(2)]);
  await turn();
  expect(statements.map(({ inputs }) => inputs)).toEqual([[1, 2]]);
  statements[0]!.answer();
  expect(await answers).toEqual([10, 20]);
});

test('a call leaves at once while a statement is under way, and waits when two are', async () => {
  const { statements, call } = aDatabase();
  const answers: Promise<number>[] = [];
  for (const n of [1, 2, 3, 4, 5, 6]) {
    answers.push(call(n));
    await turn();
  }
  expect(statements.map(({ inputs }) => inputs)).toEqual([[1], [2]]);
  statements[1]!.answer();
  await turn();
  // No more than three in one statement.
  expect(statements.map(({ inputs }) => inputs)).toEqual([[1], [2], [3, 4, 5]]);
  statements[0]!.answer();
  await turn();
  expect(statements[3]!.inputs).toEqual([6]);
  for (const statement of statements) statement.answer();
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50, 60]);
});

test('a call that the database refuses fails alone', async () => {
  const { statements, call } = aDatabase();
  const answers = Promise.allSettled([call(1), call(2), call(3)]);
  await turn();
  statements[0]!.fail(refused('23505'));
  await turn();
  statements[1]!.answer();
  await turn();
  statements[2]!.fail(refused('23505'));
  await turn();
  statements[3]!.answer();
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(statements.map(({ inputs }) => inputs)).toEqual([[1, 2, 3], [1], [2], [3]]);
});

test('after a lost connection nothing is called again: it may have happened', async () => {
  for (const error of [new Error('Connection terminated unexpectedly'), refused('08006'), refused('57P01')]) {
    const { statements, call } = aDatabase();
    const answers = Promise.allSettled([call(1), call(2)]);
    await turn();
    statements[0]!.fail(error);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(statements).toHaveLength(1);
  }
});

test('answers that do not match the calls are an error, not somebody else’s answer', async () => {
  const { statements, call } = aDatabase();
  const answers = Promise.allSettled([call(1), call(2)]);
  await turn();
  statements[0]!.answer([10]);
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
