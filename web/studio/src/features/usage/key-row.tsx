import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRevokeApiKeyMutation } from '../../api/api.gen.ts';
import type { ApiKey } from '../../api/api.gen.ts';
import { problemDetail } from '../../api/problem.ts';
import { Button } from '../../components/ui/button.tsx';
import { ConfirmDialog } from '../../components/ui/confirm-dialog.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { formatCredits, formatMoment } from '../../format.ts';

/** One key: what it is, what it may spend, when it was used last. */
export function KeyRow({ apiKey, onChange }: { apiKey: ApiKey; onChange: () => void }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const [revoke] = useRevokeApiKeyMutation();
  const [asking, setAsking] = useState(false);
  const facts = [
    t(apiKey.scopes.includes('generate') ? 'usage.scope_generate' : 'usage.scope_read'),
    apiKey.monthly_credit_budget === null
      ? t('usage.noBudget')
      : t('usage.keyBudgetShown', { credits: formatCredits(apiKey.monthly_credit_budget, i18n.language) }),
    apiKey.last_used_at === null
      ? t('usage.keyUnused')
      : t('usage.keyUsed', { when: formatMoment(apiKey.last_used_at, i18n.language) }),
  ];
  const remove = async () => {
    const { error } = await revoke({ id: apiKey.id });
    toast({ text: error ? problemDetail(error, t) : t('usage.revoked') });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3" aria-label={apiKey.name}>
      <div className="min-w-48 flex-1">
        <p className="font-medium">
          {apiKey.name} <code className="ml-1 font-mono text-sm text-muted">{apiKey.prefix}…</code>
        </p>
        <p className="text-sm text-muted">{facts.join(' · ')}</p>
      </div>
      <Button look="ghost" onClick={onChange}>
        {t('usage.change')}
      </Button>
      <Button look="danger" onClick={() => setAsking(true)}>
        {t('usage.revoke')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('usage.revokeTitle', { name: apiKey.name })}
        text={t('usage.revokeText')}
        action={t('usage.revoke')}
        onConfirm={() => void remove()}
      />
    </li>
  );
}
