import { expect, test } from 'vitest';
import { generationStates, hasEnded, isActive, nextStates } from './generation-state.ts';

test('an ended generation never changes again, and every other can end', () => {
  expect(generationStates.filter(hasEnded)).toEqual(['succeeded', 'failed', 'cancelled', 'expired']);
  for (const state of generationStates.filter((each) => !hasEnded(each)))
    expect(nextStates[state]).toContain('cancelled');
});

test('only queued and running take a place of the workspace', () => {
  expect(generationStates.filter(isActive)).toEqual(['queued', 'running']);
});

test('every state but the first two is reached from another', () => {
  const reached = new Set(generationStates.flatMap((state) => nextStates[state]));
  expect(generationStates.filter((state) => !reached.has(state))).toEqual(['backlogged']);
});
