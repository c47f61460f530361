import { type ComponentProps, useId } from 'react';

type Props = ComponentProps<'input'> & {
  label: string;
  /** One line under it: what is expected. */
  hint?: string | undefined;
  /** What is wrong with it. */
  problem?: string | undefined;
};

/** A line of text with its label; hint and problem are read out with it. */
export function Field({ label, hint, problem, className = '', ...rest }: Props) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        className={`field ${className}`}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        aria-invalid={problem === undefined ? undefined : true}
        {...rest}
      />
      {note !== undefined && (
        <p id={`${id}-note`} className={`text-sm ${problem === undefined ? 'text-muted' : 'text-bad'}`}>
          {note}
        </p>
      )}
    </div>
  );
}
