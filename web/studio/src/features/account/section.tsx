import { type ReactNode, useId } from 'react';

/** A part of the page with its heading. */
export function Section({ title, hint, children }: { title: string; hint?: string | undefined; children: ReactNode }) {
  const id = useId();
  return (
    <section className="panel p-6" aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {hint !== undefined && <p className="text-sm text-muted">{hint}</p>}
      <div className="mt-4 grid grid-cols-1 gap-4">{children}</div>
    </section>
  );
}
