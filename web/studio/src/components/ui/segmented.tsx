import { useId } from 'react';

type Props<Value extends string> = {
  label: string;
  value: Value;
  choices: { value: Value; name: string }[];
  onChoose: (value: Value) => void;
};

/** One of a few, all visible: radio buttons that look like one bar. */
export function Segmented<Value extends string>({ label, value, choices, onChoose }: Props<Value>) {
  const group = useId();
  return (
    <fieldset className="inline-flex rounded-md border border-line bg-surface p-1">
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className="inline-flex min-h-9 cursor-pointer items-center rounded-sm px-4 text-sm text-muted transition-colors has-checked:bg-hover has-checked:font-semibold has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-ice"
        >
          <input
            type="radio"
            name={group}
            className="sr-only"
            checked={choice.value === value}
            onChange={() => onChoose(choice.value)}
          />
          {choice.name}
        </label>
      ))}
    </fieldset>
  );
}
