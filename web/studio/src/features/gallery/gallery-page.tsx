import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'wouter';
import { EmptyState } from '../../components/states/empty-state.tsx';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { monthFormat } from './format-moment.ts';
import { GalleryGrid, gapPx } from './gallery-grid.tsx';
import type { Shown } from '../../api/gallery.ts';
import { GalleryHead } from './gallery-head.tsx';
import { justifyRows } from './justify-rows.ts';
import { Lightbox } from './lightbox.tsx';
import { keepExisting, nothingSelected, selectRange, toggleOne } from './selection.ts';
import { SelectionBar } from './selection-bar.tsx';
import { useGallery } from './use-gallery.ts';
import { useImageActions } from './use-image-actions.ts';
import { useWidth } from './use-width.ts';

/** Everything that was made, newest first, under its months; one picture over it when the address names one. */
export function GalleryPage() {
  const { t, i18n } = useTranslation();
  usePageTitle(t('gallery.title'));
  const { image_id: opened } = useParams<{ image_id?: string }>();
  const [, navigate] = useLocation();
  const [shown, setShown] = useState<Shown>({ trash: false, order: 'newest' });
  const { images, isLoading, error, refetch, hasMore, loadMore } = useGallery(shown);
  const actions = useImageActions();
  const [picked, setPicked] = useState(nothingSelected);
  const [comparing, setComparing] = useState(false);

  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const rows = useMemo(
    () =>
      width === 0
        ? []
        : justifyRows(
            images,
            { width, rowHeight: width < 640 ? 150 : 230, gap: gapPx, headHeight: 40 },
            monthFormat(i18n.language),
          ),
    [images, width, i18n.language],
  );
  const order = useMemo(() => images.map(({ image_id }) => image_id), [images]);
  const selection = useMemo(() => keepExisting(picked, order), [picked, order]);
  const chosen = useMemo(() => images.filter(({ image_id }) => selection.ids.has(image_id)), [images, selection]);

  const change = (next: Shown): void => {
    setShown(next);
    setPicked(nothingSelected);
  };
  const move = (which: typeof chosen): void => {
    setPicked(nothingSelected);
    (shown.trash ? actions.restore : actions.trash)(which);
  };
  const onKey = (event: KeyboardEvent, imageId: string): void => {
    const image = images.find((candidate) => candidate.image_id === imageId);
    const which = selection.ids.size > 0 ? chosen : image ? [image] : [];
    const keys: Record<string, () => void> = {
      ' ': () => navigate(`/gallery/${imageId}`),
      x: () => setPicked(toggleOne(selection, imageId)),
      d: () => actions.download(which),
      Delete: () => move(which),
      Escape: () => setPicked(nothingSelected),
    };
    const act =
      event.key === 'a' && (event.ctrlKey || event.metaKey)
        ? () => setPicked({ ids: new Set(order), anchor: null })
        : event.ctrlKey || event.metaKey
          ? undefined
          : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const onEnd = useCallback(() => loadMore(), [loadMore]);
  const isEmpty = !isLoading && !error && images.length === 0;

  return (
    <>
      <GalleryHead shown={shown} onChange={change} />
      {isLoading && <SkeletonList lines={2} className="h-56" />}
      {error !== undefined && images.length === 0 && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isEmpty && (
        <EmptyState
          title={t(shown.trash ? 'gallery.emptyTrash' : 'gallery.empty')}
          hint={t(shown.trash ? 'gallery.emptyTrashHint' : 'gallery.emptyHint')}
        />
      )}
      <GalleryGrid
        frame={frame}
        rows={rows}
        selection={selection}
        onOpen={(imageId) => navigate(`/gallery/${imageId}`)}
        onToggle={(imageId) => setPicked(toggleOne(selection, imageId))}
        onRange={(imageId) => setPicked(selectRange(selection, imageId, order))}
        onKey={onKey}
        onEnd={onEnd}
      />
      {hasMore && (
        <p role="status" className="py-6 text-center text-sm text-muted">
          {t('common.loading')}
        </p>
      )}
      {(selection.ids.size > 0 || actions.zipping) && (
        <SelectionBar
          count={selection.ids.size}
          trash={shown.trash}
          zipping={actions.zipping}
          onClear={() => setPicked(nothingSelected)}
          onDownload={() => actions.download(chosen)}
          onStopZip={actions.stopZip}
          onMove={() => move(chosen)}
          onCompare={chosen.length === 2 ? () => setComparing(true) : undefined}
        />
      )}
      {comparing && chosen[0] && chosen[1] && (
        <CompareDialog left={chosen[0]} right={chosen[1]} onClose={() => setComparing(false)} />
      )}
      {opened !== undefined && (
        <Lightbox
          imageId={opened}
          images={images}
          actions={actions}
          onShow={(imageId) => navigate(`/gallery/${imageId}`, { replace: true })}
          onClose={() => navigate('/gallery')}
          onNearEnd={onEnd}
        />
      )}
    </>
  );
}
