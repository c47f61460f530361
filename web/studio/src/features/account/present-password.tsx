import { useTranslation } from 'react-i18next';
import { Field } from '../../components/ui/field.tsx';

type Props = { value: string; onPassword: (password: string) => void; problem?: string | undefined };

/** The password as it is now, which what matters asks for again. */
export function PresentPassword({ value, onPassword, problem }: Props) {
  const { t } = useTranslation();
  return (
    <Field
      label={t('account.password')}
      type="password"
      autoComplete="current-password"
      required
      value={value}
      onChange={(event) => onPassword(event.target.value)}
      problem={problem}
    />
  );
}
