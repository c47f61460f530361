import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { type AuthFailure, confirmSecondFactor } from './auth-api.ts';
import { AuthPanel } from './auth-panel.tsx';
import { FailureText } from './failure-text.tsx';
import { useArriveSignedIn } from './use-arrive-signed-in.ts';

/** The second step of a sign-in: the digits of the app, or a recovery code. Providers lead here too. */
export function TwoFactorPage() {
  const { t } = useTranslation();
  const arrive = useArriveSignedIn();
  const [kind, setKind] = useState<'totp' | 'recovery'>('totp');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AuthFailure>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    const refused = await confirmSecondFactor(kind, code);
    setBusy(false);
    setFailure(refused);
    if (refused === undefined) arrive();
    else setCode('');
  };
  const swap = () => {
    setKind(kind === 'totp' ? 'recovery' : 'totp');
    setCode('');
    setFailure(undefined);
  };
  return (
    <AuthPanel title={t('auth.secondTitle')} other={{ href: '/sign-in', text: t('auth.toSignIn') }}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          key={kind}
          label={t(`auth.${kind}`)}
          autoComplete="one-time-code"
          inputMode={kind === 'totp' ? 'numeric' : 'text'}
          className="text-xl tracking-widest tabular-nums"
          required
          autoFocus
          maxLength={kind === 'totp' ? 7 : 20}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <FailureText failure={failure} />
        <Button type="submit" look="primary" disabled={busy}>
          {t('auth.confirm')}
        </Button>
        <button type="button" className="link min-h-11 justify-self-start text-left" onClick={swap}>
          {t(kind === 'totp' ? 'auth.useRecovery' : 'auth.useTotp')}
        </button>
      </form>
    </AuthPanel>
  );
}
