export { accountMail, type AccountMailKind } from './account-mails.ts';
export { devMailRoutes } from './dev-mail.routes.ts';
export { escapeHtml } from './html.ts';
export { budgetMail, invitationMail } from './team-mails.ts';
