import { roles } from '@pingvas/domain';
import { z } from 'zod';
import { Credits, Id, Instant, pageOf, pageQuery } from '#platform/http/schemas.ts';
import { WorkspaceSummary } from '../accounts/index.ts';

const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'No control characters');
const RoleName = z.enum(roles);
const Budget = z
  .number()
  .min(0)
  .max(1_000_000_000)
  .refine((credits) => Math.round(credits * 1_000) / 1_000 === credits, 'At most three places')
  .describe(
    'Credits the member may spend in a month of the workspace, by web, token and key together; null = no limit of their own',
  );

export const PageQuery = z.strictObject(pageQuery);
export const WorkspacePage = pageOf(WorkspaceSummary).meta({ id: 'WorkspacePage' });
export const NewWorkspace = z.strictObject({ name: Name }).meta({ id: 'NewWorkspace' });
export const WorkspaceChange = z.strictObject({ name: Name }).meta({ id: 'WorkspaceChange' });
export const WorkspaceParams = z.strictObject({ workspace_id: Id });

export const Member = z
  .object({
    user_id: z.string(),
    email: z.string(),
    name: z.string(),
    role: RoleName,
    monthly_credit_budget: Credits.nullable(),
    credits_used_this_month: Credits,
    joined_at: Instant,
  })
  .meta({ id: 'Member' });
export const MemberPage = pageOf(Member).meta({ id: 'MemberPage' });
export const MemberParams = z.strictObject({ workspace_id: Id, user_id: Id });
export const MemberChange = z
  .strictObject({ role: RoleName.optional(), monthly_credit_budget: Budget.nullish() })
  .meta({ id: 'MemberChange' });

export const NewInvitation = z
  .strictObject({
    email: z.string().trim().toLowerCase().max(320).pipe(z.email()),
    role: RoleName.default('member'),
  })
  .meta({ id: 'NewInvitation' });
export const Invitation = z
  .object({
    invitation_id: z.string(),
    email: z.string(),
    role: RoleName,
    invited_by: z.string().describe('`user_id` of the member who invited'),
    created_at: Instant,
    expires_at: Instant,
  })
  .meta({ id: 'Invitation' });
export const InvitationPage = pageOf(Invitation).meta({ id: 'InvitationPage' });
export const InvitationParams = z.strictObject({ workspace_id: Id, invitation_id: Id });
export const TokenParams = z.strictObject({ token: z.string().min(1).max(200) });
export const Membership = z.object({ workspace_id: z.string(), role: RoleName }).meta({ id: 'Membership' });

export type Workspace = z.infer<typeof WorkspaceSummary>;
export type Member = z.infer<typeof Member>;
export type MemberChange = z.infer<typeof MemberChange>;
export type Invitation = z.infer<typeof Invitation>;
export type NewInvitation = z.infer<typeof NewInvitation>;
export type Membership = z.infer<typeof Membership>;
