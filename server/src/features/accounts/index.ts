export { accountsChores, accountsSchedule } from './accounts.jobs.ts';
export { accountsRoutes } from './accounts.routes.ts';
export { accessChannel } from './caller-cache.ts';
export { createKey } from './create-key.ts';
export { createUser, type CreatedUser, type CreateUserInput, type OperatorDeps } from './create-user.ts';
export { type AccountsDeps, type AccountsOptions, createAccounts } from './deps.ts';
export { disableUser } from './disable-user.ts';
export { type FreeGrant, grantFree } from './grant-free.ts';
export { resolveActor } from './resolve-actor.ts';
