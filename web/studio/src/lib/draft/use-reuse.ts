import { useCallback } from 'react';
import { useDispatch } from 'react-redux';
import { useLocation } from 'wouter';
import { api } from '../../api/api.ts';
import type { Image, JobRequest } from '../../api/api.gen.ts';
import type { store } from '../../api/store.ts';
import { changed, replaced, type SourceImage } from './draft.ts';
import { draftOf } from './request-of.ts';

type Way = {
  /** Other pictures of the same words. */
  newSeeds?: boolean;
  /** The picture itself is what the next one starts from. */
  asInit?: boolean;
};

/** Puts what made a picture back into the composer and goes there. Nothing is paid before the button is pressed. */
export function useReuse(): (
  image: Pick<Image, 'image_id' | 'job_id' | 'width' | 'height' | 'seed'>,
  way?: Way,
) => Promise<void> {
  const dispatch = useDispatch<typeof store.dispatch>();
  const [, navigate] = useLocation();
  return useCallback(
    async (image, { newSeeds = false, asInit = false } = {}) => {
      const { image_id, width, height } = image;
      const request = image.job_id === null ? undefined : await requestOf(dispatch, image.job_id);
      if (request) {
        const source = request.init_image_id ? await sourceOf(dispatch, request.init_image_id) : null;
        dispatch(
          replaced({
            ...draftOf(request, source, newSeeds),
            ...(!newSeeds && image.seed !== null && { seed: image.seed }),
          }),
        );
      }
      if (asInit) dispatch(changed({ source: { image_id, width, height }, edit: 'vary', seed: '' }));
      navigate('/create');
    },
    [dispatch, navigate],
  );
}

type Dispatch = typeof store.dispatch;

const requestOf = async (dispatch: Dispatch, jobId: string): Promise<JobRequest | undefined> =>
  (await dispatch(api.endpoints.getJob.initiate({ jobId }, { subscribe: false }))).data?.request ?? undefined;

/** The picture a job started from; null when it is gone. */
async function sourceOf(dispatch: Dispatch, imageId: string): Promise<SourceImage | null> {
  const { data } = await dispatch(api.endpoints.getImage.initiate({ imageId }, { subscribe: false }));
  return data ? { image_id: data.image_id, width: data.width, height: data.height } : null;
}
