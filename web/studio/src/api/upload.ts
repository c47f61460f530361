import { api } from './api.ts';
import type { UploadedImage } from './api.gen.ts';

const uploads = api.injectEndpoints({
  endpoints: (build) => ({
    /** Stores a picture of the reader's own (PNG, JPEG or WEBP, at most 20 MB). */
    upload: build.mutation<UploadedImage, Blob>({
      query: (file) => {
        const body = new FormData();
        body.append('file', file, 'picture');
        return { url: '/api/v1/uploads', method: 'POST', body, headers: { 'idempotency-key': crypto.randomUUID() } };
      },
      invalidatesTags: ['Images'],
    }),
  }),
});

export const { useUploadMutation } = uploads;
