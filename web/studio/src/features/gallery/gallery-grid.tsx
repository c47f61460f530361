import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../api/api.gen.ts';
import type { GalleryRow } from './justify-rows.ts';
import { type Direction, neighbourOf } from './neighbour.ts';
import type { Selection } from './selection.ts';
import { Tile } from './tile.tsx';
import { useLongPress } from './use-press.ts';

export const gapPx = 2;

type Props = {
  frame: RefObject<HTMLDivElement | null>;
  rows: GalleryRow<Image>[];
  selection: Selection;
  onOpen: (imageId: string) => void;
  onToggle: (imageId: string) => void;
  onRange: (imageId: string) => void;
  /** A key on a picture that the grid does not use itself. */
  onKey: (event: KeyboardEvent, imageId: string) => void;
  /** The last rows are in sight. */
  onEnd: () => void;
};

const arrows: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  k: 'left',
  j: 'right',
};

/** Justified rows under the heads of their months; only what is in sight is in the document. One tab stop: arrows walk inside. */
export function GalleryGrid({ frame, rows, selection, onOpen, onToggle, onRange, onKey, onEnd }: Props) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState<string>();
  const wantsFocus = useRef(false);
  const [margin, setMargin] = useState(0);
  // The page above the grid may grow (a banner, the bar of a selection).
  useLayoutEffect(() => {
    setMargin(frame.current?.offsetTop ?? 0);
  }, [frame, rows]);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (at) => (rows[at]?.height ?? 0) + gapPx,
    overscan: 6,
    scrollMargin: margin,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rows]);

  const inSight = virtualizer.getVirtualItems();
  const last = inSight.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 8) onEnd();
  }, [last, rows.length, onEnd]);

  const press = useLongPress(onToggle);
  const first = rows.find((row) => row.kind === 'pictures')?.pictures[0]?.picture.image_id;
  const stop = current !== undefined && rowOf(rows, current) !== -1 ? current : first;

  const focusPicture = (imageId: string): void => {
    setCurrent(imageId);
    wantsFocus.current = true;
    virtualizer.scrollToIndex(rowOf(rows, imageId), { align: 'auto' });
  };
  useEffect(() => {
    if (!wantsFocus.current || current === undefined) return;
    const link = frame.current?.querySelector<HTMLElement>(`[data-image="${current}"]`);
    if (!link) return;
    wantsFocus.current = false;
    link.focus({ preventScroll: true });
  });

  const onClick = (event: MouseEvent): void => {
    const { dataset } = (event.target as Element).closest<HTMLElement>('[data-image],[data-check]') ?? {};
    const imageId = dataset?.['image'] ?? dataset?.['check'];
    if (imageId === undefined) return;
    event.preventDefault();
    if (press.takeClick()) return;
    setCurrent(imageId);
    if (event.shiftKey) onRange(imageId);
    else if (dataset?.['check'] !== undefined || event.ctrlKey || event.metaKey || selection.ids.size > 0)
      onToggle(imageId);
    else onOpen(imageId);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const imageId = (event.target as HTMLElement).dataset['image'];
    if (imageId === undefined || event.nativeEvent.isComposing) return;
    const direction = event.ctrlKey || event.metaKey ? undefined : arrows[event.key];
    if (!direction) {
      onKey(event, imageId);
      return;
    }
    event.preventDefault();
    const next = neighbourOf(rows, imageId, direction);
    focusPicture(next);
    if (event.shiftKey) onRange(next);
  };

  const sticky = rows.slice(0, (inSight.find(({ end }) => end > (virtualizer.scrollOffset ?? 0))?.index ?? 0) + 1);
  const month = sticky.findLast((row) => row.kind === 'month')?.month;
  return (
    <>
      <p className="sticky top-0 z-10 -mb-10 h-10 bg-bg/90 pt-2 font-semibold lg:pt-2" aria-hidden="true">
        {month}
      </p>
      <div
        ref={frame}
        role="grid"
        aria-label={t('gallery.title')}
        aria-multiselectable
        aria-rowcount={rows.length}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onClick={onClick}
        onKeyDown={onKeyDown}
        {...press.listeners}
      >
        {inSight.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 1}
              className="absolute top-0 left-0 flex w-full items-end"
              style={{ height: row.height, gap: gapPx, transform: `translateY(${start - margin}px)` }}
            >
              {row.kind === 'month' ? (
                <span role="rowheader" className="pb-2 font-semibold">
                  {row.month}
                </span>
              ) : (
                row.pictures.map(({ picture, width }) => (
                  <Tile
                    key={picture.image_id}
                    image={picture}
                    width={width}
                    height={row.height}
                    selected={selection.ids.has(picture.image_id)}
                    current={picture.image_id === stop}
                  />
                ))
              )}
            </div>
          );
        })}
      </div>
    </>
  );
}

const rowOf = (rows: GalleryRow<Image>[], imageId: string): number =>
  rows.findIndex((row) => row.kind === 'pictures' && row.pictures.some(({ picture }) => picture.image_id === imageId));
