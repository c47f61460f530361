import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { usePageTitle } from '../../lib/use-page-title.ts';

type Props = { title: string; other: { href: string; text: string }; children: ReactNode };

/** One form in the middle of the page, and the way to the other one. */
export function AuthPanel({ title, other, children }: Props) {
  usePageTitle(title);
  return (
    <section className="mx-auto mt-6 max-w-md sm:mt-12">
      <div className="panel p-6">
        <h1 className="mb-4 text-xl font-semibold">{title}</h1>
        {children}
      </div>
      <p className="mt-2 text-center">
        <Link href={other.href + location.search} className="link inline-flex min-h-11 items-center px-2">
          {other.text}
        </Link>
      </p>
    </section>
  );
}
