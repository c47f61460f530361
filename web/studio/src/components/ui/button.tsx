import type { ComponentProps } from 'react';

type Look = 'primary' | 'secondary' | 'ghost' | 'danger';

const looks: Record<Look, string> = {
  primary: 'border-transparent bg-accent font-semibold text-on-accent hover:opacity-90',
  secondary: 'border-line bg-surface hover:bg-hover',
  ghost: 'border-transparent bg-transparent hover:bg-hover',
  danger: 'border-line bg-surface text-bad hover:bg-hover',
};

/** The classes of a button, for links that look like one. */
export const buttonClass = (look: Look = 'secondary', more = ''): string =>
  `inline-flex min-h-11 items-center justify-center gap-2 rounded-md border px-4 font-medium transition-[opacity,background-color] disabled:cursor-not-allowed disabled:opacity-50 ${looks[look]} ${more}`;

type Props = ComponentProps<'button'> & { look?: Look };

/** One primary button a screen; everything else is secondary or ghost. */
export function Button({ look = 'secondary', className = '', type = 'button', ...rest }: Props) {
  return <button type={type} className={buttonClass(look, className)} {...rest} />;
}
