import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { formatPrice } from '../../format.ts';
import { examples, exampleUrl } from './examples.ts';

/** Real results with their words and what they cost; each leads to the same prompt, ready to run. */
export function ExampleGrid() {
  const { t, i18n } = useTranslation();
  return (
    <ul className="grid grid-cols-2 gap-2 sm:grid-cols-4" aria-label={t('landing.examples')}>
      {examples.map(({ name, credits }) => {
        const prompt = t(`landing.example_${name}`);
        const next = encodeURIComponent(`/create?prompt=${encodeURIComponent(prompt)}`);
        return (
          <li key={name}>
            <Link
              href={`/sign-up?next=${next}`}
              className="group block overflow-hidden rounded-md border border-line bg-surface transition-transform hover:-translate-y-0.5"
            >
              <img
                src={exampleUrl(name)}
                alt={t('landing.tryExample', { prompt })}
                width="256"
                height="256"
                className="aspect-square w-full object-cover"
              />
              <span className="flex items-baseline justify-between gap-2 px-3 py-2 text-sm">
                <span className="truncate">{prompt}</span>
                <span className="text-xs whitespace-nowrap text-muted tabular-nums">
                  {t('landing.cost', { credits: formatPrice(credits, i18n.language) })}
                </span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
