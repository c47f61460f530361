import { type SubmitEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { api } from '../../api/api.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { type AuthFailure, requestReset, signIn, signUp } from './auth-api.ts';

type Notice = { kind: 'problem'; word: AuthFailure } | { kind: 'checkMail'; email: string } | { kind: 'resetSent' };

/** E-mail and password, to sign in or to sign up. */
export function AuthForm({ mode }: { mode: 'signIn' | 'signUp' }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const emailField = useRef<HTMLInputElement>(null);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState<Notice>();

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    const problem = mode === 'signIn' ? await signIn(email, password) : await signUp(email, password, name);
    setBusy(false);
    if (problem) setNotice({ kind: 'problem', word: problem });
    else if (mode === 'signUp') setNotice({ kind: 'checkMail', email });
    else dispatch(api.util.resetApiState());
  };
  const forgot = async () => {
    // Without an address the browser says what is missing.
    if (!emailField.current?.reportValidity()) return;
    const problem = await requestReset(email);
    setNotice(problem ? { kind: 'problem', word: problem } : { kind: 'resetSent' });
  };

  return (
    <form className="grid gap-3" onSubmit={(event) => void submit(event)}>
      {mode === 'signUp' && (
        <Field
          label={t('auth.name')}
          autoComplete="name"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <Field
        label={t('auth.email')}
        type="email"
        ref={emailField}
        autoComplete="email"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Field
        label={t('auth.password')}
        type="password"
        autoComplete={mode === 'signIn' ? 'current-password' : 'new-password'}
        required
        minLength={mode === 'signUp' ? 10 : 1}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint={mode === 'signUp' ? t('auth.passwordHint') : undefined}
      />
      <Button type="submit" look="primary" className="mt-1" disabled={busy}>
        {t(`auth.${mode}`)}
      </Button>
      <NoticeText notice={notice} />
      {mode === 'signIn' && (
        <button type="button" className="link min-h-11 justify-self-start" onClick={() => void forgot()}>
          {t('auth.forgot')}
        </button>
      )}
    </form>
  );
}

/** What came of it. Its line is kept free, so that nothing moves. */
function NoticeText({ notice }: { notice: Notice | undefined }) {
  const { t } = useTranslation();
  if (!notice) return <p className="min-h-6" />;
  if (notice.kind === 'problem')
    return (
      <p role="alert" className="min-h-6 text-bad">
        {t(`auth.${notice.word}`)}
      </p>
    );
  return (
    <p role="status">
      {notice.kind === 'resetSent' ? t('auth.resetSent') : t('auth.checkMail', { email: notice.email })}{' '}
      {location.hostname === 'localhost' && (
        <a className="link" href="/dev/mail">
          {t('auth.devMailbox')}
        </a>
      )}
    </p>
  );
}
