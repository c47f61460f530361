import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProvidersQuery } from '../../api/api.ts';
import { type AuthFailure, signInWith } from './auth-api.ts';

const names: Record<string, string> = { google: 'Google', discord: 'Discord' };

/** One button for each provider this installation has; nothing where it has none. */
export function ProviderButtons() {
  const { t } = useTranslation();
  const { data: providers = [] } = useProvidersQuery();
  const [problem, setProblem] = useState<AuthFailure>();
  if (providers.length === 0) return null;
  return (
    <div className="mt-4 grid gap-2 border-t border-line pt-4">
      {providers.map(({ id }) => (
        <button key={id} type="button" className="button" onClick={() => void signInWith(id).then(setProblem)}>
          {t('continueWith', { provider: names[id] ?? id })}
        </button>
      ))}
      {problem && (
        <p role="alert" className="text-bad">
          {t(problem)}
        </p>
      )}
    </div>
  );
}
