import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeAddressMutation } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { PresentPassword } from './present-password.tsx';
import { Section } from './section.tsx';

/** Asks for another address; it changes when the old mailbox and the new one have agreed. */
export function AddressForm({ email: present }: { email: string | undefined }) {
  const { t } = useTranslation();
  const [change, { isLoading, isSuccess, error }] = useChangeAddressMutation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { error: refused } = await change({ changeAddress: { email, password } });
    if (!refused) {
      setEmail('');
      setPassword('');
    }
  };
  return (
    <Section title={t('account.email')} hint={present}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('account.newEmail')}
          type="email"
          autoComplete="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PresentPassword value={password} onPassword={setPassword} />
        {error !== undefined && <ProblemNote error={error} />}
        {isSuccess && <p role="status">{t('account.emailAsked')}</p>}
        <Button type="submit" className="justify-self-start" disabled={isLoading}>
          {t('account.changeEmail')}
        </Button>
      </form>
    </Section>
  );
}
