import { type ReactNode, useId } from 'react';

type Props<Value> = {
  label: string;
  choices: { value: Value; key: string; content: ReactNode; name?: string }[];
  selected: string;
  onChoose: (value: Value) => void;
};

/** A few choices side by side, one of which holds; arrows move between them as between radio buttons, which they are. */
export function Choices<Value>({ label, choices, selected, onChoose }: Props<Value>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-sm">{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {choices.map(({ value, key, content, name: spoken }) => (
          <label
            key={key}
            className="flex min-h-11 min-w-11 cursor-pointer flex-col items-center justify-center gap-1 rounded-md border border-line px-2 py-1.5 text-sm tabular-nums transition-colors hover:bg-hover has-checked:border-ice has-checked:bg-hover has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ice"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={key === selected}
              aria-label={spoken}
              onChange={() => onChoose(value)}
            />
            {content}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
