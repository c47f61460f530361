import { useTranslation } from 'react-i18next';
import type { AuthFailure } from './auth-api.ts';

/** Why it did not work, said at once. */
export function FailureText({ failure }: { failure: AuthFailure | undefined }) {
  const { t } = useTranslation();
  if (failure === undefined) return null;
  return (
    <p role="alert" className="text-sm text-bad">
      {t(`auth.${failure}`)}
    </p>
  );
}
