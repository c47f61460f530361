import { Link, useLocation } from 'wouter';

/** The parts of a place, each with an address of its own. */
export function SubNav({ label, links }: { label: string; links: { href: string; name: string }[] }) {
  const [path] = useLocation();
  return (
    <nav aria-label={label} className="mt-2 mb-6 flex gap-4 overflow-x-auto border-b border-line">
      {links.map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={path === href ? 'page' : undefined}
          className="-mb-px inline-flex min-h-11 items-center border-b-2 border-transparent px-1 whitespace-nowrap text-muted hover:text-text aria-[current=page]:border-text aria-[current=page]:font-semibold aria-[current=page]:text-text"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
