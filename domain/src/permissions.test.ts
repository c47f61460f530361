import { expect, test } from 'vitest';
import { type Action, isAbove, may, permissions, roles } from './permissions.ts';

const actions = Object.keys(permissions) as Action[];

test('a role may do all that the roles below it may', () => {
  for (const action of actions) {
    const allowed = roles.map((role) => may(role, action));
    expect(allowed, action).toEqual([...allowed].sort((one, other) => Number(other) - Number(one)));
  }
});

test('the owner may do everything; a viewer reads and leaves', () => {
  expect(actions.filter((action) => !may('owner', action))).toEqual([]);
  expect(actions.filter((action) => may('viewer', action))).toEqual(['read', 'leave']);
});

test('no role is above itself, and the order is total', () => {
  for (const one of roles) {
    for (const other of roles) expect(isAbove(one, other) && isAbove(other, one)).toBe(false);
  }
  expect(roles.filter((role) => isAbove('owner', role))).toEqual(['admin', 'member', 'viewer']);
  expect(roles.filter((role) => isAbove('viewer', role))).toEqual([]);
});
