import { Link } from 'wouter';
import type { Me } from '../../api/api.gen.ts';
import { AccountMenu } from './account-menu.tsx';
import { CreditsRing } from './credits-ring.tsx';

/** Phone: the name, what is left, and the menu. */
export function TopBar({ me, onOpenKeys }: { me: Me; onOpenKeys: () => void }) {
  return (
    <header className="flex items-center gap-2 px-4 py-2 lg:hidden">
      <Link href="/create" className="flex min-h-11 items-center gap-2 text-xl font-semibold">
        <img src="/mark.svg" alt="" width="24" height="24" />
        pingvas
      </Link>
      <span className="flex-1" />
      <CreditsRing />
      <AccountMenu me={me} onOpenKeys={onOpenKeys} side="bottom" />
    </header>
  );
}
