import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { sendVerification } from './auth-api.ts';

/** Another verification mail, once. */
export function ResendButton({ email }: { email: string }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [asked, setAsked] = useState(false);
  const send = async () => {
    setAsked(true);
    const failure = await sendVerification(email);
    if (failure) setAsked(false);
    toast({ text: t(failure ? `auth.${failure}` : 'auth.resent') });
  };
  return (
    <Button disabled={asked} onClick={() => void send()}>
      {t('auth.resend')}
    </Button>
  );
}
