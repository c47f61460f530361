import { type PointerEvent, useRef } from 'react';

const longPressMs = 450;
/** A finger that moves so far scrolls, CSS pixels. */
const steadyPx = 10;

/** Hears a long press of a finger on a picture (`data-image`). `takeClick` tells once that the click which ends a long press is no click. */
export function useLongPress(onLongPress: (imageId: string) => void) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(undefined);
  const done = useRef(false);
  const stop = (): void => clearTimeout(press.current?.timer);
  return {
    takeClick: (): boolean => {
      const was = done.current;
      done.current = false;
      return was;
    },
    listeners: {
      onPointerDown: (event: PointerEvent) => {
        done.current = false;
        const imageId = (event.target as Element).closest<HTMLElement>('[data-image]')?.dataset['image'];
        if (event.pointerType === 'mouse' || imageId === undefined) return;
        const timer = setTimeout(() => {
          done.current = true;
          onLongPress(imageId);
        }, longPressMs);
        press.current = { timer, x: event.clientX, y: event.clientY };
      },
      onPointerMove: (event: PointerEvent) => {
        const start = press.current;
        if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > steadyPx) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      // The menu that a long press opens on phones would cover what it chose.
      onContextMenu: (event: { preventDefault: () => void }) => {
        if (done.current) event.preventDefault();
      },
    },
  };
}
