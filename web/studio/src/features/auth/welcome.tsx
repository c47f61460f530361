import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AuthForm } from './auth-form.tsx';
import { ProviderButtons } from './provider-buttons.tsx';

/** What a stranger sees: what this is, and the way in. */
export function Welcome() {
  const { t } = useTranslation();
  const [mode, setMode] = useState<'signIn' | 'signUp'>('signIn');
  return (
    <div className="grid items-start gap-8 py-6 md:grid-cols-2 md:py-16">
      <div className="md:pt-10">
        <h1 className="text-[28px] leading-tight font-semibold md:text-[40px]">{t('tagline')}</h1>
        <p className="mt-3 text-base text-pretty text-muted">{t('intro')}</p>
      </div>
      <section className="panel p-6" aria-labelledby="auth-title">
        <h2 id="auth-title" className="mb-4 text-xl font-semibold">
          {t(mode)}
        </h2>
        <AuthForm key={mode} mode={mode} />
        <ProviderButtons />
        <button
          type="button"
          className="link min-h-11"
          onClick={() => setMode(mode === 'signIn' ? 'signUp' : 'signIn')}
        >
          {t(mode === 'signIn' ? 'toSignUp' : 'toSignIn')}
        </button>
      </section>
    </div>
  );
}
