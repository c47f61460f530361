import { useMemo } from 'react';
import type { Image } from '../../api/api.gen.ts';
import { type Shown, useGalleryInfiniteQuery } from '../../api/gallery.ts';

const none: Image[] = [];

/** The loaded pictures of a list in their order, and how to load more. */
export function useGallery(shown: Shown) {
  const { data, isLoading, isFetchingNextPage, hasNextPage, fetchNextPage, error, refetch } =
    useGalleryInfiniteQuery(shown);
  const images = useMemo(() => data?.pages.flatMap((page) => page.data) ?? none, [data]);
  return {
    images,
    isLoading,
    error,
    refetch,
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}
