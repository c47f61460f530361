export { removeMember } from './remove-member.ts';
export { workspacesChores } from './workspaces.jobs.ts';
export { workspacesRoutes } from './workspaces.routes.ts';
