import { Dialog as Radix } from 'radix-ui';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../api/api.gen.ts';
import { useGetImageQuery } from '../../api/api.gen.ts';
import { ownPath } from '../../api/own-path.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { formatMoment } from './format-moment.ts';
import { ImageSheet } from './image-sheet.tsx';
import { useReuse } from '../../lib/draft/use-reuse.ts';
import type { useImageActions } from './use-image-actions.ts';
import { useZoom } from './use-zoom.ts';

type Props = {
  imageId: string;
  /** The list around it; a picture opened by its address need not be in it. */
  images: readonly Image[];
  actions: ReturnType<typeof useImageActions>;
  onShow: (imageId: string) => void;
  onClose: () => void;
  onNearEnd: () => void;
};

/** One picture over the page: zoom, neighbours, and everything that is known of it. */
export function Lightbox({ imageId, images, actions, onShow, onClose, onNearEnd }: Props) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const listed = images.find((candidate) => candidate.image_id === imageId);
  const { data: fetched, error } = useGetImageQuery({ imageId }, { skip: listed !== undefined });
  const image = listed ?? fetched;
  const [sheet, setSheet] = useState(() => matchMedia('(min-width: 64rem)').matches);
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, imageId);
  const reuse = useReuse();

  const at = images.findIndex((candidate) => candidate.image_id === imageId);
  const step = (by: number): void => {
    const next = images[at + by];
    if (at !== -1 && next) onShow(next.image_id);
  };
  useEffect(() => {
    if (at > images.length - 10) onNearEnd();
  }, [at, images.length, onNearEnd]);

  const remove = (which: Image): void => {
    const next = images[at + 1] ?? images[at - 1];
    if (next) onShow(next.image_id);
    else onClose();
    (which.deleted_at === null ? actions.trash : actions.restore)([which]);
  };
  const copyLink = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${location.origin}/gallery/${imageId}`);
    toast({ text: t('common.copied') });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      k: () => step(-1),
      j: () => step(1),
      i: () => setSheet(!sheet),
      '+': () => zoom.zoomBy(1.5),
      '-': () => zoom.zoomBy(1 / 1.5),
      ...(image && {
        d: () => actions.download([image]),
        Delete: () => remove(image),
        r: () => void reuse(image),
        v: () => void reuse(image, { newSeeds: true }),
      }),
    };
    const act = keys[event.key];
    if (!act || (event.target as HTMLElement).tagName === 'INPUT') return;
    event.preventDefault();
    act();
  };

  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="appear fixed inset-0 z-40 bg-bg" />
        <Radix.Content
          className="appear fixed inset-0 z-40 flex flex-col outline-none lg:flex-row"
          aria-describedby={undefined}
          // The first button would show its tooltip to somebody who pressed none.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onKeyDown={onKeyDown}
        >
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <div className="flex items-center gap-1 p-2">
              <Radix.Title className="flex-1 truncate px-2 text-sm text-muted">
                {image ? formatMoment(image.created_at, i18n.language) : t('common.loading')}
              </Radix.Title>
              {image && (
                <>
                  <IconButton icon="link" label={t('gallery.copyLink')} onClick={() => void copyLink()} />
                  <IconButton icon="download" label={t('gallery.download')} onClick={() => actions.download([image])} />
                  <IconButton
                    icon={image.deleted_at === null ? 'trash' : 'restore'}
                    label={t(image.deleted_at === null ? 'gallery.delete' : 'gallery.restore')}
                    onClick={() => remove(image)}
                  />
                </>
              )}
              <IconButton
                icon="info"
                label={t('gallery.details')}
                aria-pressed={sheet}
                onClick={() => setSheet(!sheet)}
              />
              <Radix.Close asChild>
                <IconButton icon="close" label={t('common.close')} />
              </Radix.Close>
            </div>
            <div className="relative min-h-0 flex-1">
              <div
                ref={stage}
                className={`absolute inset-0 touch-none overflow-hidden ${zoom.isZoomed ? 'cursor-grab' : 'cursor-zoom-in'}`}
                {...zoom.listeners}
              >
                {image && (
                  <img
                    key={image.image_id}
                    src={ownPath(image.url)}
                    alt={t('gallery.picture', { when: formatMoment(image.created_at, i18n.language) })}
                    className="size-full object-contain select-none"
                    style={zoom.style}
                    draggable={false}
                  />
                )}
              </div>
              {error !== undefined && !image && (
                <div className="absolute inset-0 grid place-items-center p-6">
                  <ProblemNote error={error} />
                </div>
              )}
              <IconButton
                icon="left"
                label={t('gallery.previous')}
                className="absolute top-1/2 left-2 -translate-y-1/2 bg-surface/85 disabled:invisible"
                disabled={at <= 0}
                onClick={() => step(-1)}
              />
              <IconButton
                icon="right"
                label={t('gallery.next')}
                className="absolute top-1/2 right-2 -translate-y-1/2 bg-surface/85 disabled:invisible"
                disabled={at === -1 || at >= images.length - 1}
                onClick={() => step(1)}
              />
            </div>
            <Filmstrip images={images} at={at} onShow={onShow} />
          </div>
          {sheet && image && <ImageSheet image={image} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
