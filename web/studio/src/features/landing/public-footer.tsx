import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';

/** The small links under a public page. */
export function PublicFooter() {
  const { t } = useTranslation();
  const pages = [
    { href: '/plans', name: t('plans.title') },
    { href: '/terms', name: t('landing.terms') },
    { href: '/privacy', name: t('landing.privacy') },
  ];
  const linkClass = 'inline-flex min-h-11 items-center hover:text-text';
  return (
    <footer className="border-t border-line pt-4 text-sm text-muted">
      <nav aria-label={t('landing.footer')} className="flex flex-wrap gap-x-6">
        {pages.map(({ href, name }) => (
          <Link key={href} href={href} className={linkClass}>
            {name}
          </Link>
        ))}
        <a href="/docs" className={linkClass}>
          {t('shell.openDocs')}
        </a>
      </nav>
    </footer>
  );
}
