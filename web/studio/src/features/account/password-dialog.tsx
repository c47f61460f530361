import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import type { AccountFailure } from './person-api.ts';
import { PresentPassword } from './present-password.tsx';

type Props = {
  title: string;
  action: string;
  /** Resolves to why it did not work, or to undefined; what comes next is the caller's. */
  onPassword: (password: string) => Promise<AccountFailure | undefined>;
  onClose: () => void;
};

/** Asks for the password before something that matters. */
export function PasswordDialog({ title, action, onPassword, onClose }: Props) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<AccountFailure>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const refused = await onPassword(password);
    setFailure(refused);
  };
  return (
    <Dialog open onOpenChange={onClose} title={title}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <PresentPassword value={password} onPassword={setPassword} problem={failure && t(`account.${failure}`)} />
        <Button type="submit" look="primary">
          {action}
        </Button>
      </form>
    </Dialog>
  );
}
