import { roles } from '@pingvas/domain';
import { z } from 'zod';
import { Credits, Instant } from '#platform/http/schemas.ts';

// Passwords are hashed, never stored: any text will do, but not a book.
const Password = z.string().min(1).max(1_000);

export const TokenRequest = z
  .discriminatedUnion('grant_type', [
    z.strictObject({
      grant_type: z.literal('password'),
      email: z.string().min(1).max(320),
      password: Password,
      totp: z
        .string()
        .max(20)
        .optional()
        .describe('Six digits or a recovery code, for accounts with a second factor. Each works once.'),
    }),
    z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: z.string().min(1).max(200) }),
  ])
  .meta({ id: 'TokenRequest' });

export const TokenAnswer = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds'),
    refresh_token: z.string().describe('Works once; the answer to its use holds the next one.'),
  })
  .meta({ id: 'Tokens' });

export const RevokeRequest = z
  .strictObject({ refresh_token: z.string().min(1).max(200) })
  .meta({ id: 'RevokeTokenRequest' });

/** A workspace as one of its members sees it. */
export const WorkspaceSummary = z
  .object({
    workspace_id: z.string(),
    name: z.string(),
    kind: z.enum(['personal', 'team']),
    role: z.enum(roles),
    plan: z.enum(['free', 'starter', 'pro', 'studio', 'enterprise']),
    suspended: z.boolean(),
  })
  .meta({ id: 'WorkspaceSummary' });

export const Me = z
  .object({
    user: z.object({
      user_id: z.string(),
      email: z.string(),
      name: z.string(),
      locale: z.enum(['ko', 'en']),
      deletion_due_at: Instant.nullable().describe('When the account will be deleted; null when nobody asked for it.'),
    }),
    workspace: WorkspaceSummary,
    workspaces: z.array(WorkspaceSummary),
    limits: z
      .object({
        credits_per_month: Credits.nullable(),
        storage_bytes: z.number().nullable(),
        api_calls: z.number().nullable(),
        running_max: z.number(),
        waiting_max: z.number(),
        members: z.number().nullable(),
        priority: z.number(),
      })
      .describe('What the plan allows; null is unlimited.'),
    usage: z.object({ credits_used_this_month: Credits, api_calls: z.number(), storage_bytes: z.number() }),
    period: z.object({ start: Instant, end: Instant }),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;
