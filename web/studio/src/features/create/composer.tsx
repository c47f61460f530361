import { type SubmitEvent, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useListModelsQuery } from '../../api/api.gen.ts';
import { problemOf } from '../../api/problem.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Skeleton } from '../../components/states/skeleton.tsx';
import { canvasOf, editOf, priceRequestOf } from '../../lib/draft/request-of.ts';
import { useKeys } from '../../lib/use-keys.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { Choices } from './choices.tsx';
import { CreditsSheet } from './credits-sheet.tsx';
import { ModelPicker } from './model-picker.tsx';
import { PriceButton } from './price-button.tsx';
import { rememberPrompt } from '../../lib/draft/prompt-history.ts';
import { PromptField } from './prompt-field.tsx';
import { SheetHandle } from './sheet-handle.tsx';
import { SizePicker } from './size-picker.tsx';
import { SourceField } from './source-field.tsx';
import { useDraft } from './use-draft.ts';
import { useSheet } from './use-sheet.ts';
import { usePrice } from './use-price.ts';
import { useSubmit } from './use-submit.ts';

const counts = [1, 2, 4, 8];

/** Prompt, choices, and the button with the price on it. */
export function Composer() {
  const { t } = useTranslation();
  const { data: { data: models } = {} } = useListModelsQuery({}, { pollingInterval: 15_000 });
  const [draft, change] = useDraft();
  const { submit, busy, error, dismiss } = useSubmit();
  const sheet = useSheet();
  const promptField = useRef<HTMLTextAreaElement>(null);
  useKeys(useMemo(() => ({ '/': () => promptField.current?.focus() }), []));
  const model =
    models?.find(({ id }) => id === draft.model) ?? models?.find(({ available }) => available) ?? models?.[0];
  const price = usePrice(model && priceRequestOf(draft, model));
  const edit = model ? editOf(draft, model) : null;
  const isReady = draft.prompt.trim() !== '' || edit === 'upscale';
  const refusal = problemOf(error);
  const lacksCredits = refusal?.code === 'credits_held' || refusal?.code === 'credits_exhausted';

  const send = async (): Promise<void> => {
    if (busy || !isReady || !model) return;
    if ((await submit(draft, model, price.quote)) && draft.prompt.trim() !== '') rememberPrompt(draft.prompt.trim());
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void send();
  };

  return (
    <form
      className="panel fixed inset-x-0 bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 grid max-h-[calc(100dvh-8rem)] gap-3 overflow-y-auto rounded-b-none pt-0 shadow-raised lg:sticky lg:top-4 lg:bottom-auto lg:max-h-[calc(100dvh-2rem)] lg:gap-4 lg:rounded-lg lg:pt-4 lg:shadow-none"
      onSubmit={onSubmit}
    >
      <SheetHandle open={sheet.open} onToggle={sheet.toggle} />
      <PromptField
        field={promptField}
        value={draft.prompt}
        onChange={(prompt) => change({ prompt })}
        onSend={() => void send()}
      />
      {models?.length === 0 && <p role="status">{t('create.noModel')}</p>}
      {!model && models === undefined && <Skeleton className="h-56" />}
      {model && (
        <div id="composer-choices" className={`gap-4 lg:grid ${sheet.open ? 'grid' : 'hidden'}`}>
          <SourceField model={model} draft={draft} onChange={change} />
          <ModelPicker models={models ?? []} model={model} onChange={(id) => change({ model: id })} />
          {model.styles.length > 0 && (
            <label className="grid gap-1 text-sm">
              {t('create.style')}
              <select
                className="field px-2"
                value={model.styles.includes(draft.style ?? '') ? (draft.style ?? '') : ''}
                onChange={(event) => change({ style: event.target.value || null })}
              >
                <option value="">{t('create.anyStyle')}</option>
                {model.styles.map((name) => (
                  <option key={name} value={name}>
                    {t(`create.style_${name as 'flat'}`, { defaultValue: name })}
                  </option>
                ))}
              </select>
            </label>
          )}
          {edit !== 'upscale' && (
            <>
              <SizePicker model={model} size={canvasOf(draft, model)} onChange={(size) => change({ size })} />
              <Choices
                label={t('create.count')}
                selected={String(draft.count)}
                onChoose={(count) => change({ count })}
                choices={counts.map((count) => ({ value: count, key: String(count), content: count }))}
              />
            </>
          )}
          <AdvancedFields model={model} draft={draft} onChange={change} />
        </div>
      )}
      <PriceButton price={price} busy={busy} disabled={!isReady} />
      {error !== undefined && !lacksCredits && <ProblemNote error={error} />}
      {lacksCredits && <CreditsSheet problem={refusal} onClose={dismiss} />}
    </form>
  );
}
