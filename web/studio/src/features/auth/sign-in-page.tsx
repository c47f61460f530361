import { useTranslation } from 'react-i18next';
import { AuthForm } from './auth-form.tsx';
import { AuthPanel } from './auth-panel.tsx';
import { ProviderButtons } from './provider-buttons.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <AuthPanel title={t('auth.signIn')} other={{ href: '/sign-up', text: t('auth.toSignUp') }}>
      <AuthForm mode="signIn" />
      <ProviderButtons />
    </AuthPanel>
  );
}
