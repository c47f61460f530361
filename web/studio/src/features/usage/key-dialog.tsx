import { type SubmitEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeApiKeyMutation, useCreateApiKeyMutation } from '../../api/api.gen.ts';
import type { ApiKey, NewApiKey } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { SelectField } from '../../components/ui/select-field.tsx';

type Scope = 'generate' | 'read';
type Props = { apiKey: ApiKey | undefined; onMade: (secret: string) => void; onClose: () => void };

/** Makes a key and shows its secret once, or changes one. */
export function KeyDialog({ apiKey, onMade, onClose }: Props) {
  const { t } = useTranslation();
  const [create, creation] = useCreateApiKeyMutation();
  const [change, alteration] = useChangeApiKeyMutation();
  // A lost answer asked for again must not make a second key.
  const idempotencyKey = useRef(crypto.randomUUID());
  const [name, setName] = useState(apiKey?.name ?? '');
  const [scope, setScope] = useState<Scope>(!apiKey || apiKey.scopes.includes('generate') ? 'generate' : 'read');
  const [budget, setBudget] = useState(apiKey?.monthly_credit_budget?.toString() ?? '');
  const secret = creation.data?.key;
  const error = creation.error ?? alteration.error;

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wish: NewApiKey = {
      name,
      scopes: scope === 'generate' ? ['read', 'generate'] : ['read'],
      monthly_credit_budget: budget === '' ? null : Number(budget),
    };
    if (apiKey) {
      const { error: refused } = await change({ id: apiKey.id, apiKeyChange: wish });
      if (!refused) onClose();
      return;
    }
    const { data: made } = await create({ newApiKey: wish, 'idempotency-key': idempotencyKey.current });
    if (made?.key) onMade(made.key);
  };

  if (secret)
    return (
      <Dialog open onOpenChange={onClose} title={t('usage.keyMade')} description={t('usage.keyOnce')}>
        <CodeBlock label={t('usage.keyMade')} code={secret} />
        <Button look="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      </Dialog>
    );
  return (
    <Dialog open onOpenChange={onClose} title={t(apiKey ? 'usage.changeKey' : 'usage.newKey')}>
      <form className="grid grid-cols-1 gap-4" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('usage.keyName')}
          hint={t('usage.keyNameHint')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t('usage.keyScope')}
          value={scope}
          choices={(['generate', 'read'] as const).map((value) => ({ value, name: t(`usage.scope_${value}`) }))}
          onChoose={setScope}
        />
        <Field
          label={t('usage.keyBudget')}
          hint={t('usage.keyBudgetHint')}
          type="number"
          min={0}
          step="any"
          inputMode="decimal"
          value={budget}
          onChange={(event) => setBudget(event.target.value)}
        />
        {error !== undefined && <ProblemNote error={error} />}
        <Button type="submit" look="primary" disabled={creation.isLoading || alteration.isLoading}>
          {t(apiKey ? 'usage.save' : 'usage.make')}
        </Button>
      </form>
    </Dialog>
  );
}
