import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { api } from '../../api/api.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { passwordLengthMin } from '../../lib/password-length-min.ts';
import { type AccountFailure, changePassword } from './person-api.ts';
import { PresentPassword } from './present-password.tsx';
import { Section } from './section.tsx';

/** Another password; every other sign-in ends with it. */
export function PasswordForm() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const toast = useToast();
  const [present, setPresent] = useState('');
  const [wanted, setWanted] = useState('');
  const [failure, setFailure] = useState<AccountFailure>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = await changePassword(present, wanted);
    setFailure(answer.failure);
    if (answer.failure) return;
    setPresent('');
    setWanted('');
    toast({ text: t('account.passwordChanged') });
    dispatch(api.util.invalidateTags(['Sessions']));
  };
  return (
    <Section title={t('account.changePassword')}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <PresentPassword value={present} onPassword={setPresent} problem={failure && t(`account.${failure}`)} />
        <Field
          label={t('account.newPassword')}
          type="password"
          autoComplete="new-password"
          hint={t('auth.passwordHint')}
          required
          minLength={passwordLengthMin}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <Button type="submit" className="justify-self-start">
          {t('account.changePassword')}
        </Button>
      </form>
    </Section>
  );
}
