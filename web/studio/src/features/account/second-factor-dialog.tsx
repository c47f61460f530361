import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { type AccountFailure, proveSecondFactor, type SecondFactorStart, startSecondFactor } from './person-api.ts';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Password, then the app's first code, then the recovery codes. It is on after the second step. */
export function SecondFactorDialog({ onOn, onClose }: { onOn: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [started, setStarted] = useState<SecondFactorStart>();
  const [isProven, setProven] = useState(false);
  if (!started)
    return (
      <PasswordDialog
        title={t('account.turnOn')}
        action={t('account.next')}
        onClose={onClose}
        onPassword={async (password) => {
          const answer = await startSecondFactor(password);
          if (answer.failure) return answer.failure;
          setStarted(answer.data);
          return undefined;
        }}
      />
    );
  if (isProven) return <RecoveryCodes codes={started.backupCodes} onClose={onClose} />;
  const prove = () => {
    setProven(true);
    onOn();
  };
  return <ProveStep uri={started.totpURI} onProven={prove} onClose={onClose} />;
}

function ProveStep({ uri, onProven, onClose }: { uri: string; onProven: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<AccountFailure>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = await proveSecondFactor(code);
    setFailure(answer.failure);
    if (!answer.failure) onProven();
  };
  return (
    <Dialog open onOpenChange={onClose} title={t('account.turnOn')} description={t('account.scan')}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <QrCode text={uri} label={t('account.scanAlt')} />
        <div>
          <p className="mb-1 text-sm text-muted">{t('account.secretKey')}</p>
          <CodeBlock label={t('account.secretKey')} code={new URL(uri).searchParams.get('secret') ?? ''} />
        </div>
        <Field
          label={t('account.code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          problem={failure && t(`account.${failure}`)}
        />
        <Button type="submit" look="primary">
          {t('account.confirm')}
        </Button>
      </form>
    </Dialog>
  );
}
