import { useId } from 'react';

type Props = {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** Under it: what its ends mean. */
  hint?: string;
  /** The value as people say it. */
  shown?: string;
  onChange: (value: number) => void;
};

/** A number between two ends. */
export function Slider({ label, value, min, max, step, hint, shown, onChange }: Props) {
  const id = useId();
  return (
    <div className="grid gap-1 text-sm">
      <div className="flex justify-between">
        <label htmlFor={id}>{label}</label>
        <output htmlFor={id} className="text-muted tabular-nums">
          {shown ?? value}
        </output>
      </div>
      <input
        id={id}
        type="range"
        className="h-11 w-full accent-ice"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
