import type { Readable } from 'node:stream';
import { z } from 'zod';
import { type ProblemCode, problemStatus } from '#platform/errors.ts';

const codes = Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]];

/** Every refusal, as the document shows it. Facts beside the fixed fields depend on the code. */
export const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What to do next, in the language of the caller.'),
    code: z.enum(codes).meta({ id: 'ProblemCode' }),
    request_id: z.string(),
    errors: z
      .array(z.object({ pointer: z.string().describe('JSON pointer (RFC 6901)'), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' });

/** Ids are opaque to callers; ours are UUIDs. What has another form cannot exist. */
export const Id = z.string().min(1).max(100);

/** Credits with at most three places. */
export const Credits = z.number().describe('Credits, at most three places');

/** An instant, RFC 3339 in UTC. */
export const Instant = z.string().meta({ format: 'date-time' });

/** Bytes in an answer; streams pass by the serializer. */
export const Bytes = z.custom<Readable>().meta({ type: 'string', format: 'binary' });

/** `?limit=&cursor=` of every list; `workspace_id` chooses the workspace where headers cannot (images, event sources). */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(200).optional(),
  workspace_id: z.string().max(100).optional(),
};

/** The query of a GET that takes nothing else. */
export const WorkspaceQuery = z.strictObject({ workspace_id: z.string().max(100).optional() });

/** `{data, next_cursor}` of a list of `item`. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True when a string can be an id of ours: asking the database about anything else would be an error, not an answer. */
export const isId = (text: string): boolean => uuid.test(text);
