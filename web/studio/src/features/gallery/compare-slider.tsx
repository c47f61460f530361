import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Side = { src: string; label: string };

/** Two pictures over each other and a line between them that is moved by mouse, finger or arrow keys: left of it the one, right of it the other. */
export function CompareSlider({ left, right }: { left: Side; right: Side }) {
  const { t } = useTranslation();
  const [share, setShare] = useState(50);
  return (
    <div className="relative overflow-hidden rounded-md bg-line/50">
      <img src={right.src} alt={right.label} className="block max-h-[70dvh] w-full object-contain" draggable={false} />
      <img
        src={left.src}
        alt={left.label}
        className="absolute inset-0 size-full object-contain"
        style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}
        draggable={false}
      />
      <div
        className="absolute inset-y-0 w-0.5 bg-surface shadow-raised"
        style={{ left: `${share}%` }}
        aria-hidden="true"
      />
      <input
        type="range"
        min={0}
        max={100}
        value={share}
        aria-label={t('gallery.compareLine')}
        className="absolute inset-0 size-full cursor-ew-resize opacity-0"
        onChange={(event) => setShare(Number(event.target.value))}
      />
    </div>
  );
}
