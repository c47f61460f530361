import { z } from 'zod';
import { Id, Instant, pageOf, pageQuery } from '#platform/http/schemas.ts';

const SignIn = z
  .object({
    session_id: z.string(),
    kind: z.enum(['browser', 'program']).describe('A browser with a cookie, or a program that refreshes its tokens.'),
    current: z.boolean().describe('The one this call was made with.'),
    ip_address: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: Instant,
    expires_at: Instant,
  })
  .meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof SignIn>;

export const SignInPage = pageOf(SignIn).meta({ id: 'SignInPage' });
export const SignInQuery = z.strictObject(pageQuery);
export const SignInParams = z.strictObject({ id: Id });
