import type { ReactNode } from 'react';

/** Nothing here yet, and the one thing to do about it. */
export function EmptyState({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 px-4 py-12 text-center">
      <Penguin />
      <p className="mt-2 font-semibold">{title}</p>
      {hint !== undefined && <p className="max-w-sm text-muted">{hint}</p>}
      {children}
    </div>
  );
}

/** The line drawing that lives in empty places only. */
function Penguin() {
  return (
    <svg viewBox="0 0 96 96" width="96" height="96" fill="none" aria-hidden="true" className="text-muted">
      <g stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" strokeLinejoin="round">
        <path d="M30 82c-5-10-7-22-5-34 2-15 10-26 22-26 10 0 15 7 16 15l9 5-8 3c3 12 2 26-3 37H30Z" />
        <path d="M40 82c-5-9-5-21 0-31M26 50c-6 5-10 13-10 21 5-1 9-4 11-8" />
        <path d="M36 82c-3 2-6 3-9 3m25-3c2 2 5 3 8 3" />
      </g>
      <circle cx="53" cy="35" r="2.5" fill="currentColor" />
    </svg>
  );
}
