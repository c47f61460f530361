import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { passwordLengthMin } from '../../lib/password-length-min.ts';
import { type AuthFailure, signUp } from './auth-api.ts';
import { AuthPanel } from './auth-panel.tsx';
import { CheckMail } from './check-mail.tsx';
import { FailureText } from './failure-text.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { useCaptcha } from './use-captcha.tsx';

/** Name, address, password; then the mail. */
export function SignUpPage() {
  const { t } = useTranslation();
  const captcha = useCaptcha();
  const [person, setPerson] = useState({ name: '', email: '', password: '' });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AuthFailure>();
  const [sentTo, setSentTo] = useState<string>();

  const change = (field: keyof typeof person) => (event: { target: { value: string } }) =>
    setPerson({ ...person, [field]: event.target.value });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    const answer = await captcha.answer().catch(() => null);
    const refused = answer === null ? 'captcha' : await signUp(person, answer);
    setBusy(false);
    if (refused) setFailure(refused);
    else setSentTo(person.email);
  };

  const other = { href: '/sign-in', text: t('auth.toSignIn') };
  if (sentTo !== undefined)
    return (
      <AuthPanel title={t('auth.checkMailTitle')} other={other}>
        <CheckMail text={t('auth.checkMail', { email: sentTo })} resendTo={sentTo} />
      </AuthPanel>
    );
  return (
    <AuthPanel title={t('auth.signUp')} other={other}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('auth.name')}
          autoComplete="name"
          required
          maxLength={100}
          value={person.name}
          onChange={change('name')}
        />
        <Field
          label={t('auth.email')}
          type="email"
          autoComplete="email"
          required
          value={person.email}
          onChange={change('email')}
        />
        <Field
          label={t('auth.password')}
          type="password"
          autoComplete="new-password"
          required
          minLength={passwordLengthMin}
          value={person.password}
          onChange={change('password')}
          hint={t('auth.passwordHint')}
        />
        {captcha.slot}
        <FailureText failure={failure} />
        <Button type="submit" look="primary" disabled={busy}>
          {busy && captcha.isAsked ? t('auth.checking') : t('auth.signUp')}
        </Button>
        <p className="text-sm text-muted">
          {t('auth.agree')}{' '}
          <Link href="/terms" className="link">
            {t('landing.terms')}
          </Link>
          {' · '}
          <Link href="/privacy" className="link">
            {t('landing.privacy')}
          </Link>
        </p>
      </form>
      <ProviderButtons />
    </AuthPanel>
  );
}
