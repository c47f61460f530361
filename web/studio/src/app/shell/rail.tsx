import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Me } from '../../api/api.gen.ts';
import { Icon } from '../../components/ui/icon.tsx';
import { AccountMenu } from './account-menu.tsx';
import { CreditsRing } from './credits-ring.tsx';
import { isHere, places } from './places.ts';

/** Desktop: the places, and what is left at its foot. */
export function Rail({ me, onOpenKeys }: { me: Me; onOpenKeys: () => void }) {
  const { t } = useTranslation();
  const [path] = useLocation();
  return (
    <nav
      aria-label={t('shell.navigation')}
      className="fixed inset-y-0 left-0 z-30 hidden w-16 flex-col items-center gap-1 border-r border-line bg-surface py-3 lg:flex"
    >
      <Link href="/create" className="mb-2 inline-flex size-11 items-center justify-center" aria-label="pingvas">
        <img src="/mark.svg" alt="" width="28" height="28" />
      </Link>
      {places.map(({ href, icon, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={isHere(href, path) ? 'page' : undefined}
          className="flex w-14 flex-col items-center gap-1 rounded-md py-2 text-xs text-muted transition-colors hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-semibold aria-[current=page]:text-text"
        >
          <Icon name={icon} />
          {t(name)}
        </Link>
      ))}
      <div className="mt-auto grid justify-items-center gap-2">
        <AccountMenu me={me} onOpenKeys={onOpenKeys} side="right" />
        <CreditsRing />
      </div>
    </nav>
  );
}
