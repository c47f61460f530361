import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { api, useSessionQuery } from '../../api/api.ts';
import { Skeleton } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { SelectField } from '../../components/ui/select-field.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { type Language, setLanguage } from '../../i18n/i18n.ts';
import { languageNames } from '../../i18n/language-names.ts';
import { chosenTheme, setTheme, themes } from '../../lib/theme.ts';
import { AccountFrame } from './account-frame.tsx';
import { AddressForm } from './address-form.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { rename } from './person-api.ts';
import { Section } from './section.tsx';

/** Who somebody is here, and how the studio looks to them. */
export function ProfilePage() {
  const { t, i18n } = useTranslation();
  const { data: me } = useSessionQuery();
  const [theme, chooseTheme] = useState(chosenTheme);
  return (
    <AccountFrame>
      <Section title={t('account.profile')}>
        {me ? <NameForm key={me.user.user_id} name={me.user.name} /> : <Skeleton className="h-20" />}
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label={t('account.language')}
            value={i18n.language as Language}
            choices={(['ko', 'en'] as const).map((value) => ({ value, name: languageNames[value] }))}
            onChoose={(value) => void setLanguage(value)}
          />
          <SelectField
            label={t('account.theme')}
            value={theme}
            choices={themes.map((value) => ({ value, name: t(`shell.theme_${value}`) }))}
            onChoose={(value) => {
              setTheme(value);
              chooseTheme(value);
            }}
          />
        </div>
      </Section>
      <AddressForm email={me?.user.email} />
      {me && <DeleteAccount dueAt={me.user.deletion_due_at} />}
    </AccountFrame>
  );
}

function NameForm({ name: present }: { name: string }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const toast = useToast();
  const [name, setName] = useState(present);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { failure } = await rename(name);
    toast({ text: t(failure ? `account.${failure}` : 'account.saved') });
    dispatch(api.util.invalidateTags(['Me']));
  };
  return (
    <form className="flex items-end gap-2" onSubmit={(event) => void submit(event)}>
      <div className="flex-1">
        <Field
          label={t('account.name')}
          autoComplete="name"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <Button type="submit" disabled={name === present}>
        {t('account.save')}
      </Button>
    </form>
  );
}
