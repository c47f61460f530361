import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeleteAccountMutation, useKeepAccountMutation } from '../../api/api.gen.ts';
import { problemDetail } from '../../api/problem.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { formatDay } from '../../format.ts';
import { PresentPassword } from './present-password.tsx';
import { Section } from './section.tsx';

/** The way out: asks for the password, waits two weeks, and until then offers to stay. `dueAt` is null while nobody asked. */
export function DeleteAccount({ dueAt }: { dueAt: string | null }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const [keep, { isLoading }] = useKeepAccountMutation();
  const stay = async () => {
    const { error } = await keep({});
    toast({ text: error ? problemDetail(error, t) : t('account.kept') });
  };
  return (
    <Section
      title={t('account.delete')}
      hint={dueAt === null ? t('account.deleteHint') : t('account.deleteDue', { day: formatDay(dueAt, i18n.language) })}
    >
      {dueAt === null ? (
        <Button look="danger" className="justify-self-start" onClick={() => setAsking(true)}>
          {t('account.delete')}
        </Button>
      ) : (
        <Button className="justify-self-start" disabled={isLoading} onClick={() => void stay()}>
          {t('account.keep')}
        </Button>
      )}
      {asking && <DeleteDialog onClose={() => setAsking(false)} />}
    </Section>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [ask, { isLoading, error }] = useDeleteAccountMutation();
  const [password, setPassword] = useState('');
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { error: refused } = await ask({ deleteAccount: { password } });
    if (!refused) onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={t('account.deleteTitle')} description={t('account.deleteText')}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <PresentPassword value={password} onPassword={setPassword} />
        {error !== undefined && <ProblemNote error={error} />}
        <Button type="submit" look="danger" disabled={isLoading}>
          {t('account.delete')}
        </Button>
      </form>
    </Dialog>
  );
}
