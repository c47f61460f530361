import { api } from './api.ts';
import type { Image, ImagePage } from './api.gen.ts';
import type { store } from './store.ts';
import { insertImage, type Order, removeImage } from './image-pages.ts';

/** Which pictures a gallery shows. */
export type Shown = { trash: boolean; order: Order };

/** As many as the API gives at once. */
const pageLength = 100;

const galleryApi = api.injectEndpoints({
  endpoints: (build) => ({
    gallery: build.infiniteQuery<ImagePage, Shown, string | null>({
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
      },
      query: ({ queryArg, pageParam }) => ({
        url: '/api/v1/images',
        params: { ...queryArg, limit: pageLength, cursor: pageParam ?? undefined },
      }),
      keepUnusedDataFor: 300,
      providesTags: ['Images'],
    }),
    /** Into the trash or out of it. The lists show it at once, and are asked again when it was refused. */
    moveImage: build.mutation<Image, { image: Image; trash: boolean }>({
      query: ({ image: { image_id }, trash }) =>
        trash
          ? { url: `/api/v1/images/${image_id}`, method: 'DELETE' }
          : { url: `/api/v1/images/${image_id}/restore`, method: 'POST' },
      onQueryStarted: async ({ image, trash }, { dispatch, queryFulfilled, ...query }) => {
        showImage(dispatch, query.getState(), { ...image, deleted_at: trash ? new Date().toISOString() : null });
        await queryFulfilled.catch(() => dispatch(api.util.invalidateTags(['Images'])));
      },
    }),
  }),
});

type State = Parameters<typeof galleryApi.util.selectCachedArgsForQuery>[0];

/** Puts a picture where it belongs in every loaded list, and takes it out of the others. */
export function showImage(dispatch: typeof store.dispatch, state: unknown, image: Image): void {
  for (const shown of galleryApi.util.selectCachedArgsForQuery(state as State, 'gallery')) {
    dispatch(
      galleryApi.util.updateQueryData('gallery', shown, ({ pages }) => {
        removeImage(pages, image.image_id);
        if (shown.trash === (image.deleted_at !== null)) insertImage(pages, image, shown.order);
      }),
    );
  }
}

export const { useGalleryInfiniteQuery, useMoveImageMutation } = galleryApi;
