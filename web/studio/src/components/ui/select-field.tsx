import { useId } from 'react';

type Props<Value extends string> = {
  label: string;
  value: Value;
  choices: { value: Value; name: string }[];
  onChoose: (value: Value) => void;
  disabled?: boolean;
  /** The label is read out but not seen: where the row says what it is. */
  quiet?: boolean;
};

/** One of several, in the browser's own list: the best one there is on a phone. */
export function SelectField<Value extends string>({ label, value, choices, onChoose, disabled, quiet }: Props<Value>) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className={quiet ? 'sr-only' : 'text-sm font-medium'}>
        {label}
      </label>
      <select
        id={id}
        className="field"
        value={value}
        disabled={disabled}
        onChange={(event) => onChoose(event.target.value as Value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.name}
          </option>
        ))}
      </select>
    </div>
  );
}
