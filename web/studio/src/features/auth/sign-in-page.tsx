import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { type AuthFailure, signIn } from './auth-api.ts';
import { AuthPanel } from './auth-panel.tsx';
import { FailureText } from './failure-text.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { ResendButton } from './resend-button.tsx';
import { useArriveSignedIn } from './use-arrive-signed-in.ts';

/** E-mail and password, or a provider; a second factor has a page of its own. */
export function SignInPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const arrive = useArriveSignedIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AuthFailure>();

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    const result = await signIn(email, password);
    setBusy(false);
    if (result.next === 'failed') setFailure(result.failure);
    else if (result.next === 'secondFactor') navigate(`/two-factor${location.search}`);
    else arrive();
  };

  return (
    <AuthPanel title={t('auth.signIn')} other={{ href: '/sign-up', text: t('auth.toSignUp') }}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('auth.email')}
          type="email"
          autoComplete="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label={t('auth.password')}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <FailureText failure={failure} />
        {failure === 'notVerified' && <ResendButton email={email} />}
        <Button type="submit" look="primary" disabled={busy}>
          {t('auth.signIn')}
        </Button>
        <Link href={`/forgot${location.search}`} className="link inline-flex min-h-11 items-center justify-self-start">
          {t('auth.forgot')}
        </Link>
      </form>
      <ProviderButtons />
    </AuthPanel>
  );
}
