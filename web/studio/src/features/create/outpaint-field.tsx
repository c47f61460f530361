import { type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '../../api/api.gen.ts';
import type { Sides } from '../../lib/draft/draft.ts';
import { sideMax, withSide } from '../../lib/draft/sides.ts';
import type { Size } from '../../lib/draft/size-presets.ts';
import { Slider } from './slider.tsx';

type Props = { src: string; canvas: Size; model: Model; sides: Sides; onChange: (sides: Sides) => void };
type Side = keyof Sides;

const handles: { side: Side; place: string }[] = [
  { side: 'left', place: 'inset-y-0 left-0 w-4 cursor-ew-resize' },
  { side: 'right', place: 'inset-y-0 right-0 w-4 cursor-ew-resize' },
  { side: 'top', place: 'inset-x-0 top-0 h-4 cursor-ns-resize' },
  { side: 'bottom', place: 'inset-x-0 bottom-0 h-4 cursor-ns-resize' },
];

/** How much is drawn around the picture: edges are dragged, or set by a slider each. */
export function OutpaintField({ src, canvas, model, sides, onChange }: Props) {
  const { t } = useTranslation();
  const stage = useRef<HTMLDivElement>(null);
  const grabbed = useRef<{ side: Side; from: number; length: number }>(undefined);
  const whole = { width: canvas.width + sides.left + sides.right, height: canvas.height + sides.top + sides.bottom };
  const share = (length: number, of: number): string => `${(length / of) * 100}%`;

  const along = (side: Side, event: PointerEvent): number =>
    side === 'left'
      ? -event.clientX
      : side === 'right'
        ? event.clientX
        : side === 'top'
          ? -event.clientY
          : event.clientY;
  const onPointerDown = (side: Side) => (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grabbed.current = { side, from: along(side, event), length: sides[side] };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const held = grabbed.current;
    if (!held || !stage.current) return;
    const pixels = ((along(held.side, event) - held.from) * whole.width) / stage.current.clientWidth;
    onChange(withSide(sides, held.side, held.length + pixels, canvas, model.sizes));
  };
  const onPointerUp = (): void => {
    grabbed.current = undefined;
  };

  return (
    <div className="grid gap-2">
      <div
        ref={stage}
        className="hatched relative overflow-hidden rounded-md border border-line"
        style={{ aspectRatio: `${whole.width} / ${whole.height}` }}
      >
        <img
          src={src}
          alt=""
          draggable={false}
          className="absolute object-cover"
          style={{
            left: share(sides.left, whole.width),
            top: share(sides.top, whole.height),
            width: share(canvas.width, whole.width),
            height: share(canvas.height, whole.height),
          }}
        />
        {handles.map(({ side, place }) => (
          <span
            key={side}
            aria-hidden="true"
            className={`absolute touch-none bg-ice/0 transition-colors hover:bg-ice/60 ${place}`}
            onPointerDown={onPointerDown(side)}
            onPointerMove={onPointerMove}
            onPointerUp={onPointerUp}
            onPointerCancel={onPointerUp}
          />
        ))}
      </div>
      <p className="text-sm text-muted tabular-nums">{t('create.extendTo', whole)}</p>
      <div className="grid grid-cols-2 gap-x-4">
        {handles.map(({ side }) => (
          <Slider
            key={side}
            label={t(`create.side_${side}`)}
            min={0}
            max={sideMax(side, sides, canvas, model.sizes)}
            step={model.sizes.multiple_of}
            value={sides[side]}
            onChange={(length) => onChange(withSide(sides, side, length, canvas, model.sizes))}
          />
        ))}
      </div>
    </div>
  );
}
