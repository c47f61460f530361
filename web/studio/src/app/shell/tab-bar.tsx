import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Icon } from '../../components/ui/icon.tsx';
import { isHere, places } from './places.ts';

/** Phone: the places under the thumb. */
export function TabBar() {
  const { t } = useTranslation();
  const [path] = useLocation();
  return (
    <nav
      aria-label={t('shell.navigation')}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      {places.map(({ href, icon, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={isHere(href, path) ? 'page' : undefined}
          className="flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-xs text-muted aria-[current=page]:font-semibold aria-[current=page]:text-text"
        >
          <Icon name={icon} />
          {t(name)}
        </Link>
      ))}
    </nav>
  );
}
