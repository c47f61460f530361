/** What somebody may be in a workspace, the most powerful first. */
export const roles = ['owner', 'admin', 'member', 'viewer'] as const;
export type Role = (typeof roles)[number];

/**
 * Who may do what in a workspace: the one table that every check of a role asks. That a thing belongs to somebody (one's own keys, leaving) is said by
 * the action, not by a role.
 */
export const permissions = {
  /** See models, jobs, images, credits, members. */
  read: ['owner', 'admin', 'member', 'viewer'],
  /** Spend credits and change or delete what was made. */
  generate: ['owner', 'admin', 'member'],
  /** Make keys, and change and revoke the ones one has made. */
  manage_own_keys: ['owner', 'admin', 'member'],
  /** See, change and revoke the keys of all. */
  manage_all_keys: ['owner', 'admin'],
  rename_workspace: ['owner', 'admin'],
  /** Invite, and see and revoke invitations. */
  manage_invitations: ['owner', 'admin'],
  /** Give roles and budgets to members, and remove them; only such whose role is not above one's own. */
  manage_members: ['owner', 'admin'],
  /** Change a budget of one's own, which others of the same role are bound by. */
  change_own_budget: ['owner'],
  /** See what is paid for, buy, change, cancel and resume: money is the owner's. */
  manage_billing: ['owner'],
  leave: ['owner', 'admin', 'member', 'viewer'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof permissions;

/** True when a role allows an action. */
export function may(role: Role, action: Action): boolean {
  const allowed: readonly Role[] = permissions[action];
  return allowed.includes(role);
}

/** True when a role is above another: nobody gives, changes or removes a role above their own. */
export const isAbove = (role: Role, other: Role): boolean => roles.indexOf(role) < roles.indexOf(other);
