import { useTranslation } from 'react-i18next';
import { buttonClass } from '../../components/ui/button.tsx';
import { ResendButton } from './resend-button.tsx';

/** What to do now: the mailbox; on a developer's machine that is a page of ours. */
export function CheckMail({ text, resendTo }: { text: string; resendTo?: string }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4">
      <p role="status">{text}</p>
      {location.hostname === 'localhost' && (
        <a className={buttonClass()} href="/dev/mail">
          {t('auth.devMailbox')}
        </a>
      )}
      {resendTo !== undefined && <ResendButton email={resendTo} />}
    </div>
  );
}
