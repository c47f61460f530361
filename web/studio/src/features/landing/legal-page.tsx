import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/ui/icon.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { PublicFooter } from './public-footer.tsx';

const articles = { terms: ['1', '2', '3', '4', '5'], privacy: ['1', '2', '3', '4'] } as const;

export const TermsPage = () => <LegalPage kind="terms" />;
export const PrivacyPage = () => <LegalPage kind="privacy" />;

/** A placeholder that says it is one. */
function LegalPage({ kind }: { kind: keyof typeof articles }) {
  const { t } = useTranslation();
  const title = t(`landing.${kind}`);
  usePageTitle(title);
  return (
    <div className="mx-auto grid max-w-3xl gap-12 pt-6 md:pt-12">
      <article>
        <h1 className="text-2xl font-semibold">{title}</h1>
        <p className="mt-4 flex gap-2 rounded-md bg-warn px-4 py-3 text-sm text-on-warn" role="note">
          <Icon name="alert" />
          {t('legal.draft')}
        </p>
        {articles[kind].map((number) => (
          <section key={number} className="mt-8">
            <h2 className="font-semibold">{t(`legal.${kind}_${number}` as 'legal.terms_1')}</h2>
            <p className="mt-1 text-pretty text-muted">{t(`legal.${kind}_${number}Text` as 'legal.terms_1Text')}</p>
          </section>
        ))}
      </article>
      <PublicFooter />
    </div>
  );
}
