import { sql } from 'kysely';
import type { TenantQuery } from '#platform/db/tenant.ts';
import { imageColumns } from './image-view.ts';

export type ImagePage = {
  trash: boolean;
  order: 'newest' | 'oldest';
  kind?: 'result' | 'upload' | undefined;
  limit: number;
  after: string | undefined;
};

/** Pictures of the workspace in order of time, one more than asked so that the caller sees whether there is a next page. Reads one index either way. */
export const selectImages = (
  query: TenantQuery,
  workspaceId: string,
  { trash, order, kind, limit, after }: ImagePage,
) =>
  query
    .selectFrom('image')
    .select([...imageColumns])
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', trash ? 'is not' : 'is', null)
    .$if(kind !== undefined, (page) => page.where('kind', '=', kind ?? ''))
    .$if(after !== undefined, (page) => page.where('image_id', order === 'newest' ? '<' : '>', after ?? ''))
    .orderBy('image_id', order === 'newest' ? 'desc' : 'asc')
    .limit(limit + 1);

/** One picture with its object's key, in the trash or not. */
export const selectImage = (query: TenantQuery, workspaceId: string, imageId: string) =>
  query
    .selectFrom('image')
    .select([...imageColumns, 'storage_key'])
    .where('workspace_id', '=', workspaceId)
    .where('image_id', '=', imageId);

/** Days a picture stays in the trash. */
export const trashDays = 30;

/**
 * Moves a picture into the trash (or out of it). Doing it twice changes nothing: the first time stays. What has lain there for its time
 * cannot come back: its objects may be going at this moment.
 */
export const updateTrashed = (query: TenantQuery, workspaceId: string, imageId: string, trashed: boolean) =>
  query
    .updateTable('image')
    .set({ deleted_at: trashed ? sql<Date>`coalesce(deleted_at, now())` : null })
    .where('workspace_id', '=', workspaceId)
    .where('image_id', '=', imageId)
    .$if(!trashed, (restore) =>
      restore.where(
        sql<boolean>`(deleted_at is null or deleted_at >= now() - make_interval(days => ${trashDays}::int))`,
      ),
    )
    .returning([...imageColumns]);

export type RecordUpload = {
  workspace_id: string;
  image_id: string;
  width: number;
  height: number;
  size_bytes: number;
  sha256: string;
  storage_key: string;
  storage_max: number | null;
  idempotency: { key: string; fingerprint: string } | null;
  response: unknown;
};

export type UploadAnswer<Response> = {
  outcome: 'recorded' | 'replayed' | 'idempotency_key_reused' | 'storage_exhausted' | 'not_found';
  response?: Response;
};

/** Calls `record_upload`. */
export const callRecordUpload = <Response>(query: TenantQuery, upload: RecordUpload) =>
  query.selectNoFrom(sql<UploadAnswer<Response>>`public.record_upload(${JSON.stringify(upload)}::jsonb)`.as('answer'));
