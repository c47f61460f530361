import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { drawStroke, type Stroke } from '../../lib/draft/mask.ts';
import type { Size } from '../../lib/draft/size-presets.ts';
import { Slider } from './slider.tsx';

type Props = { src: string; canvas: Size; strokes: Stroke[]; onChange: (strokes: Stroke[]) => void };

/** The colour of the brush is the text's on purpose: the mask is a statement about the picture, not a part of it. */
const brushColour = 'rgb(0 0 0)';
const keySteps: Record<string, [x: number, y: number]> = {
  ArrowLeft: [-0.03, 0],
  ArrowRight: [0.03, 0],
  ArrowUp: [0, -0.03],
  ArrowDown: [0, 0.03],
};

/** A brush over the picture: what is painted is drawn anew. Works by pointer and by arrow keys with the space bar; every stroke can be taken back. */
export function MaskField({ src, canvas, strokes, onChange }: Props) {
  const { t } = useTranslation();
  const surface = useRef<HTMLCanvasElement>(null);
  const [radius, setRadius] = useState(0.08);
  const [erase, setErase] = useState(false);
  const [cursor, setCursor] = useState<[number, number]>([0.5, 0.5]);
  const [drawing, setDrawing] = useState<Stroke>();

  useEffect(() => {
    const context = surface.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    for (const stroke of drawing ? [...strokes, drawing] : strokes) {
      context.globalCompositeOperation = stroke.erase ? 'destination-out' : 'source-over';
      drawStroke(context, stroke, brushColour);
    }
  }, [strokes, drawing, canvas.width, canvas.height]);

  const placeOf = (event: PointerEvent): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const onPointerDown = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrawing({ points: [placeOf(event)], radius, erase });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drawing) setDrawing({ ...drawing, points: [...drawing.points, placeOf(event)] });
  };
  const onPointerUp = (): void => {
    if (drawing) onChange([...strokes, drawing]);
    setDrawing(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = keySteps[event.key];
    if (step) setCursor(([x, y]) => [clamp(x + step[0]), clamp(y + step[1])]);
    else if (event.key === ' ') onChange([...strokes, { points: [cursor], radius, erase }]);
    else if (event.key === 'z' && (event.ctrlKey || event.metaKey)) onChange(strokes.slice(0, -1));
    else return;
    event.preventDefault();
  };
  return (
    <div className="grid gap-2">
      <div
        className="relative overflow-hidden rounded-md bg-line/50"
        style={{ aspectRatio: `${canvas.width} / ${canvas.height}` }}
      >
        <img src={src} alt="" className="absolute inset-0 size-full object-cover" draggable={false} />
        <canvas
          ref={surface}
          width={canvas.width}
          height={canvas.height}
          tabIndex={0}
          role="application"
          aria-label={t('create.maskCanvas')}
          data-testid="mask"
          className="peer absolute inset-0 size-full cursor-crosshair touch-none opacity-60"
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={onPointerUp}
          onKeyDown={onKeyDown}
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute hidden aspect-square -translate-1/2 rounded-full border-2 border-ice peer-focus-visible:block"
          style={{ left: `${cursor[0] * 100}%`, top: `${cursor[1] * 100}%`, width: `${radius * 200}%` }}
        />
      </div>
      <p className="text-sm text-muted">{t('create.maskHint')}</p>
      <Slider
        label={t('create.brush')}
        min={0.02}
        max={0.3}
        step={0.01}
        value={radius}
        shown={`${Math.round(radius * 200)}%`}
        onChange={setRadius}
      />
      <div className="flex flex-wrap gap-2">
        <Button aria-pressed={erase} className="aria-pressed:bg-hover" onClick={() => setErase(!erase)}>
          {t('create.eraser')}
        </Button>
        <Button disabled={strokes.length === 0} onClick={() => onChange(strokes.slice(0, -1))}>
          {t('create.undo')}
        </Button>
        <Button disabled={strokes.length === 0} onClick={() => onChange([])}>
          {t('create.clear')}
        </Button>
      </div>
    </div>
  );
}

const clamp = (share: number): number => Math.min(Math.max(share, 0), 1);
