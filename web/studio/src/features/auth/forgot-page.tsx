import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { type AuthFailure, requestReset } from './auth-api.ts';
import { AuthPanel } from './auth-panel.tsx';
import { CheckMail } from './check-mail.tsx';
import { FailureText } from './failure-text.tsx';

/** A link for a new password, by mail. */
export function ForgotPage() {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  const [failure, setFailure] = useState<AuthFailure>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    const refused = await requestReset(email);
    setBusy(false);
    setFailure(refused);
    setSent(refused === undefined);
  };
  return (
    <AuthPanel title={t('auth.forgotTitle')} other={{ href: '/sign-in', text: t('auth.toSignIn') }}>
      {sent ? (
        <CheckMail text={t('auth.resetSent', { email })} />
      ) : (
        <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
          <p className="text-muted">{t('auth.forgotText')}</p>
          <Field
            label={t('auth.email')}
            type="email"
            autoComplete="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <FailureText failure={failure} />
          <Button type="submit" look="primary" disabled={busy}>
            {t('auth.forgotSend')}
          </Button>
        </form>
      )}
    </AuthPanel>
  );
}
