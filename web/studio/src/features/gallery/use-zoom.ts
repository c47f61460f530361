import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { fitted, pan, type Point, zoomAt } from './zoom.ts';

const wheelStep = 1.0015;

/**
 * Zoom of a picture in its frame: the wheel and two fingers scale around where they are, one pointer moves, a double click goes to the pixels and back.
 * `key` names the picture: another one starts fitted. Returns the style of the picture and what the frame listens to.
 */
export function useZoom(frame: RefObject<HTMLElement | null>, key: string) {
  const [state, setState] = useState({ key, zoom: fitted });
  const zoom = state.key === key ? state.zoom : fitted;
  const pointers = useRef(new Map<number, Point>());

  const change = (act: (now: typeof fitted, box: DOMRect) => typeof fitted): void => {
    const box = frame.current?.getBoundingClientRect();
    if (box) setState((old) => ({ key, zoom: act(old.key === key ? old.zoom : fitted, box) }));
  };
  const fromMiddle = ({ x, y }: Point, box: DOMRect): Point => ({
    x: x - box.left - box.width / 2,
    y: y - box.top - box.height / 2,
  });

  // React listens to wheels passively: there the page behind cannot be kept from scrolling.
  const onWheel = useRef<(event: WheelEvent) => void>(undefined);
  useEffect(() => {
    onWheel.current = (event) => {
      event.preventDefault();
      change((now, box) =>
        zoomAt(now, wheelStep ** -event.deltaY, fromMiddle({ x: event.clientX, y: event.clientY }, box), box),
      );
    };
  });
  useEffect(() => {
    const element = frame.current;
    const listen = (event: WheelEvent): void => onWheel.current?.(event);
    element?.addEventListener('wheel', listen, { passive: false });
    return () => element?.removeEventListener('wheel', listen);
  }, [frame]);

  const onPointerMove = (event: PointerEvent): void => {
    const held = pointers.current;
    const before = held.get(event.pointerId);
    if (!before) return;
    const after = { x: event.clientX, y: event.clientY };
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, after);
    if (other) {
      const factor = distance(after, other) / Math.max(distance(before, other), 1);
      change((now, box) => zoomAt(now, factor, fromMiddle(middle(after, other), box), box));
    } else change((now, box) => pan(now, { x: after.x - before.x, y: after.y - before.y }, box));
  };

  return {
    isZoomed: zoom.scale > 1,
    style: { transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` },
    zoomBy: (factor: number) => change((now, box) => zoomAt(now, factor, { x: 0, y: 0 }, box)),
    listeners: {
      onPointerDown: (event: PointerEvent) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerMove,
      onPointerUp: (event: PointerEvent) => pointers.current.delete(event.pointerId),
      onPointerCancel: (event: PointerEvent) => pointers.current.delete(event.pointerId),
      onDoubleClick: (event: { clientX: number; clientY: number }) =>
        change((now, box) =>
          now.scale > 1 ? fitted : zoomAt(now, 3, fromMiddle({ x: event.clientX, y: event.clientY }, box), box),
        ),
    },
  };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
