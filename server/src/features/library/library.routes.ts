import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';
import { AppError } from '#platform/errors.ts';
import { actorOf, callerAt } from '#platform/http/caller.ts';
import { idempotencyOf } from '#platform/http/idempotency.ts';
import type { HttpApp, Routes } from '#platform/http/route.ts';
import { Bytes, WorkspaceQuery } from '#platform/http/schemas.ts';
import { getImage } from './get-image.ts';
import { getImageContent } from './get-image-content.ts';
import { Image, imageView } from './image-view.ts';
import { ContentQuery, ImagePage, ImageParams, ListQuery, UploadedImage } from './library.schemas.ts';
import { listImages } from './list-images.ts';
import { trashImage } from './trash-image.ts';
import { uploadImage } from './upload-image.ts';

export type LibraryDeps = { db: Database; storage: Storage; pictures: Pictures; publicUrl: string };

/** Largest upload, bytes. */
const uploadBytesMax = 20_000_000;

const inBytes = {
  description: 'The picture',
  content: { 'image/png': { schema: Bytes }, 'image/webp': { schema: Bytes } },
};

/** Pictures: lists, bytes, trash and uploads. */
export function libraryRoutes(deps: LibraryDeps): Routes {
  return async (app: HttpApp) => {
    app.get(
      '/api/v1/images',
      {
        config: { access: 'read' },
        schema: {
          operationId: 'listImages',
          tags: ['images'],
          summary: 'Pictures of the workspace, newest first unless asked otherwise',
          querystring: ListQuery,
          response: { 200: ImagePage },
        },
      },
      async (request) =>
        listImages(deps, actorOf(request), { ...request.query, trash: request.query.trash === 'true' }),
    );
    app.get(
      '/api/v1/images/:image_id',
      {
        config: { access: 'read', problems: ['image_not_found'] },
        schema: {
          operationId: 'getImage',
          tags: ['images'],
          summary: 'One picture',
          params: ImageParams,
          querystring: WorkspaceQuery,
          response: { 200: Image },
        },
      },
      async (request) => imageView(await getImage(deps, actorOf(request), request.params.image_id), deps.publicUrl),
    );
    app.delete(
      '/api/v1/images/:image_id',
      {
        config: { access: 'generate', problems: ['image_not_found', 'role_not_allowed'] },
        schema: {
          operationId: 'deleteImage',
          tags: ['images'],
          summary: 'Move a picture into the trash (30 days)',
          params: ImageParams,
          response: { 200: Image },
        },
      },
      async (request) => moveImage(deps, request, request.params.image_id, true),
    );
    app.post(
      '/api/v1/images/:image_id/restore',
      {
        config: { access: 'session', problems: ['image_not_found', 'role_not_allowed'] },
        schema: {
          operationId: 'restoreImage',
          tags: ['images'],
          summary: 'Take a picture out of the trash',
          params: ImageParams,
          response: { 200: Image },
        },
      },
      async (request) => moveImage(deps, request, request.params.image_id, false),
    );
    app.get(
      '/api/v1/images/:image_id/content',
      {
        config: { access: 'read', problems: ['image_not_found'] },
        schema: {
          operationId: 'getImageContent',
          tags: ['images'],
          summary: 'The bytes of a picture, or a redirect to them',
          params: ImageParams,
          querystring: ContentQuery,
          response: { 200: inBytes, 302: z.null().describe('The bytes are at `Location`'), 304: z.null() },
        },
      },
      async (request, reply) => {
        const content = await getImageContent(deps, actorOf(request), request.params.image_id, request.query.size);
        reply.headers({
          'cache-control': 'private, max-age=3600',
          etag: content.etag,
          'x-content-type-options': 'nosniff',
          vary: 'Authorization, Cookie',
        });
        if ('redirect' in content)
          return reply.header('cache-control', 'private, no-store').redirect(content.redirect, 302);
        if (knows(request.headers['if-none-match'], content.etag)) {
          content.body.destroy();
          return reply.code(304).send(null);
        }
        return reply
          .headers({ 'content-type': content.contentType, 'content-length': content.sizeBytes })
          .send(content.body);
      },
    );
    await app.register(async (uploads) => {
      await uploads.register(multipart, { limits: { fileSize: uploadBytesMax, files: 1, fields: 0, parts: 1 } });
      uploads.post(
        '/api/v1/uploads',
        {
          config: {
            access: 'generate',
            problems: [
              'unsupported_image',
              'payload_too_large',
              'storage_exhausted',
              'idempotency_key_reused',
              'workspace_suspended',
            ],
          },
          bodyLimit: uploadBytesMax + 10_000,
          schema: {
            operationId: 'uploadImage',
            tags: ['images'],
            summary: 'Upload a PNG, JPEG or WEBP (at most 20 MB and 16.8 megapixels)',
            consumes: ['multipart/form-data'],
            response: { 201: UploadedImage },
          },
        },
        async (request, reply) => {
          const actor = actorOf(request);
          if (actor.suspended) throw new AppError('workspace_suspended');
          const bytes = await readFile(request);
          const { image, replayed } = await uploadImage(deps, actor, bytes, idempotencyOf(request, bytes));
          if (replayed) reply.header('idempotent-replayed', 'true');
          return reply.code(201).send(image);
        },
      );
    });
  };
}

/** Weak tags count too: a cache in between may have weakened ours (RFC 9110, 13.1.2). */
function knows(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W[/]/, ''));
  return tags.includes(etag);
}

/** Changes are made by the role the caller has where the picture is. */
async function moveImage(deps: LibraryDeps, request: FastifyRequest, imageId: string, trashed: boolean) {
  const { workspaceId } = await getImage(deps, actorOf(request), imageId);
  return trashImage(deps, await callerAt(request, workspaceId, 'generate'), imageId, trashed);
}

async function readFile(request: FastifyRequest): Promise<Uint8Array> {
  if (!request.isMultipart()) throw new AppError('unsupported_media_type');
  try {
    const part = await request.file();
    if (part?.fieldname !== 'file')
      throw new AppError('invalid_request', {
        errors: [{ pointer: '/file', detail: 'Send one file in the field "file"' }],
      });
    return await part.toBuffer();
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (code === 'FST_REQ_FILE_TOO_LARGE' || code === 'FST_ERR_CTP_BODY_TOO_LARGE')
      throw new AppError('payload_too_large', { cause: error });
    if (error instanceof AppError) throw error;
    // Broken multipart: a missing boundary, a body that ends early, too many parts.
    throw new AppError('malformed_request', { cause: error });
  }
}
