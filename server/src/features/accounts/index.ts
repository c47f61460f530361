export { accountsChores, accountsSchedule } from './accounts.jobs.ts';
export { accountsRoutes } from './accounts.routes.ts';
export { accessChannel } from './caller-cache.ts';
export { askForMail } from './ask-for-mail.ts';
export { confirmPassword } from './confirm-password.ts';
export { createKey } from './create-key.ts';
export { createUser, type CreatedUser, type CreateUserInput, type OperatorDeps } from './create-user.ts';
export { createAccounts } from './create-accounts.ts';
export { WorkspaceSummary } from './accounts.schemas.ts';
export { deriveKey } from './derive-key.ts';
export type { AccountsDeps, AccountsOptions } from './deps.ts';

export { resolveActor } from './resolve-actor.ts';
export { findPersonalWorkspace } from './find-personal-workspace.ts';
