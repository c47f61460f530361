import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { endSecondFactor, hasSecondFactor, renewRecoveryCodes } from './person-api.ts';
import { PasswordDialog } from './password-dialog.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { SecondFactorDialog } from './second-factor-dialog.tsx';
import { Section } from './section.tsx';

type Open = 'start' | 'end' | 'renew';

/** The second factor: on or off, and what can be done about it. */
export function SecondFactor() {
  const { t } = useTranslation();
  const toast = useToast();
  const [isOn, setOn] = useState<boolean>();
  const [open, setOpen] = useState<Open>();
  const [codes, setCodes] = useState<string[]>();
  useEffect(() => void hasSecondFactor().then(setOn), []);
  const close = useCallback(() => setOpen(undefined), []);
  if (isOn === undefined) return <Skeleton className="h-36 rounded-lg" />;
  return (
    <Section title={t('account.second')} hint={t(isOn ? 'account.secondOn' : 'account.secondOff')}>
      <div className="flex flex-wrap gap-2">
        {isOn ? (
          <>
            <Button onClick={() => setOpen('renew')}>{t('account.newRecovery')}</Button>
            <Button look="danger" onClick={() => setOpen('end')}>
              {t('account.turnOff')}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={() => setOpen('start')}>
            {t('account.turnOn')}
          </Button>
        )}
      </div>
      {open === 'start' && <SecondFactorDialog onOn={() => setOn(true)} onClose={close} />}
      {open === 'end' && (
        <PasswordDialog
          title={t('account.turnOffTitle')}
          action={t('account.turnOff')}
          onClose={close}
          onPassword={async (password) => {
            const { failure } = await endSecondFactor(password);
            if (failure) return failure;
            setOn(false);
            close();
            toast({ text: t('account.turnedOff') });
            return undefined;
          }}
        />
      )}
      {open === 'renew' && (
        <PasswordDialog
          title={t('account.newRecovery')}
          action={t('account.next')}
          onClose={close}
          onPassword={async (password) => {
            const answer = await renewRecoveryCodes(password);
            if (answer.failure) return answer.failure;
            setCodes(answer.data.backupCodes);
            close();
            return undefined;
          }}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </Section>
  );
}
