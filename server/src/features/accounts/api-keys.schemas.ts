import { z } from 'zod';
import { Credits, Id, Instant, pageOf, pageQuery } from '#platform/http/schemas.ts';

const Scopes = z
  .array(z.enum(['read', 'generate']))
  .min(1)
  .max(2);
const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'No control characters');
const Budget = z
  .number()
  .min(0)
  .max(1_000_000_000)
  .refine((credits) => Math.round(credits * 1_000) / 1_000 === credits, 'At most three places')
  .describe('Credits the key may spend in a month of its workspace; null = no limit of its own');
// Further than the database's calendar needs, nearer than where JavaScript's ends.
const Expiry = z.iso
  .datetime({ offset: true })
  .refine((text) => Number.isFinite(Date.parse(text)) && Date.parse(text) < Date.UTC(9999, 0), 'Not a usable time');

export const NewApiKey = z
  .strictObject({
    name: Name,
    scopes: Scopes.optional().describe('Both when missing.'),
    monthly_credit_budget: Budget.nullish(),
    expires_at: Expiry.nullish(),
  })
  .meta({ id: 'NewApiKey' });

export const ApiKeyChange = z
  .strictObject({
    name: Name.optional(),
    scopes: Scopes.optional(),
    monthly_credit_budget: Budget.nullish(),
    expires_at: Expiry.nullish(),
  })
  .meta({ id: 'ApiKeyChange' });

const shown = {
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe('How the secret begins, to recognise it by.'),
  scopes: Scopes,
  monthly_credit_budget: Credits.nullable(),
  expires_at: Instant.nullable(),
  last_used_at: Instant.nullable().describe('To the minute.'),
  created_at: Instant,
};

export const ApiKey = z.object(shown).meta({ id: 'ApiKey' });
export const CreatedApiKey = z
  .object({ ...shown, key: z.string().nullable().describe('The secret, shown this once; null in a replayed answer.') })
  .meta({ id: 'CreatedApiKey' });
export const ApiKeyPage = pageOf(ApiKey).meta({ id: 'ApiKeyPage' });
export const ApiKeyParams = z.strictObject({ id: Id });
export const ApiKeyQuery = z.strictObject(pageQuery);

export type ApiKey = z.infer<typeof ApiKey>;
export type NewApiKey = z.infer<typeof NewApiKey>;
export type ApiKeyChange = z.infer<typeof ApiKeyChange>;
