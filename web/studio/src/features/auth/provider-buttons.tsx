import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useListProvidersQuery } from '../../api/api.gen.ts';
import { Button } from '../../components/ui/button.tsx';
import { type AuthFailure, signInWith } from './auth-api.ts';

const names: Record<string, string> = { google: 'Google', discord: 'Discord' };

/** One button for each provider this installation has; nothing where it has none. */
export function ProviderButtons() {
  const { t } = useTranslation();
  const { data: { data: providers = [] } = {} } = useListProvidersQuery();
  const [problem, setProblem] = useState<AuthFailure>();
  if (providers.length === 0) return null;
  return (
    <div className="mt-4 grid gap-2 border-t border-line pt-4">
      {providers.map(({ id }) => (
        <Button key={id} onClick={() => void signInWith(id).then(setProblem)}>
          {t('auth.continueWith', { provider: names[id] ?? id })}
        </Button>
      ))}
      {problem && (
        <p role="alert" className="text-bad">
          {t(`auth.${problem}`)}
        </p>
      )}
    </div>
  );
}
