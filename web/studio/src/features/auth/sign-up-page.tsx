import { useTranslation } from 'react-i18next';
import { AuthForm } from './auth-form.tsx';
import { AuthPanel } from './auth-panel.tsx';
import { ProviderButtons } from './provider-buttons.tsx';

export function SignUpPage() {
  const { t } = useTranslation();
  return (
    <AuthPanel title={t('auth.signUp')} other={{ href: '/sign-in', text: t('auth.toSignIn') }}>
      <AuthForm mode="signUp" />
      <ProviderButtons />
    </AuthPanel>
  );
}
