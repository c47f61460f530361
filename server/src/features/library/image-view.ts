import { z } from 'zod';
import { Id, Instant } from '#platform/http/schemas.ts';

/** A picture as the API shows it, inside a job and in lists. */
export const Image = z
  .object({
    image_id: Id,
    url: z.string().describe('The original. Needs the credentials of the caller.'),
    thumbnails: z.object({ '256': z.string(), '512': z.string() }),
    width: z.int(),
    height: z.int(),
    seed: z.string().nullable(),
    bytes: z.int(),
    sha256: z.string(),
    engine_info: z.record(z.string(), z.unknown()),
    kind: z.enum(['result', 'upload']),
    job_id: Id.nullable(),
    created_at: Instant,
    deleted_at: Instant.nullable(),
  })
  .meta({ id: 'Image' });

/** What a view needs of an image's row. */
export type ImageRow = {
  image_id: string;
  generation_id: string | null;
  kind: string;
  width: number;
  height: number;
  seed: number | null;
  size_bytes: number;
  sha256: string;
  engine_info: unknown;
  created_at: Date | string;
  deleted_at: Date | string | null;
};

/** The columns of `ImageRow`. */
export const imageColumns = [
  'image_id',
  'generation_id',
  'kind',
  'width',
  'height',
  'seed',
  'size_bytes',
  'sha256',
  'engine_info',
  'created_at',
  'deleted_at',
] as const satisfies (keyof ImageRow)[];

/** Shows a row. Addresses are absolute and need the caller's credentials. */
export function imageView(row: ImageRow, publicUrl: string): z.infer<typeof Image> {
  const url = `${publicUrl}/api/v1/images/${row.image_id}/content`;
  return {
    image_id: row.image_id,
    url,
    thumbnails: { '256': `${url}?size=256`, '512': `${url}?size=512` },
    width: row.width,
    height: row.height,
    seed: row.seed === null ? null : String(row.seed),
    bytes: row.size_bytes,
    sha256: row.sha256,
    engine_info: row.engine_info as Record<string, unknown>,
    kind: row.kind as 'result' | 'upload',
    job_id: row.generation_id,
    created_at: instant(row.created_at),
    deleted_at: row.deleted_at === null ? null : instant(row.deleted_at),
  };
}

const instant = (time: Date | string): string => new Date(time).toISOString();
