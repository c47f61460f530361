import { z } from 'zod';
import { Id, pageOf, pageQuery, WorkspaceQuery } from '#platform/http/schemas.ts';
import { Image } from './image-view.ts';

export const ImagePage = pageOf(Image).meta({ id: 'ImagePage' });
export const ImageParams = z.strictObject({ image_id: Id });
export const ListQuery = z.strictObject({
  ...pageQuery,
  trash: z.enum(['true', 'false']).default('false'),
  order: z.enum(['newest', 'oldest']).default('newest'),
  kind: z.enum(['result', 'upload']).optional(),
});
export const ContentQuery = WorkspaceQuery.extend({ size: z.enum(['original', '512', '256']).default('original') });
export const UploadedImage = z.object({ image_id: Id, width: z.int(), height: z.int() }).meta({ id: 'UploadedImage' });
