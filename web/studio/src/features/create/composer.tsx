import { type KeyboardEvent, type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGenerateMutation, useModelsQuery } from '../../api/api.ts';
import { problemDetail } from '../../api/problem.ts';
import type { GenerateBody } from '../../api/types.ts';
import { PriceButton } from './price-button.tsx';
import { usePrice } from './use-price.ts';

/** Prompt, a few choices, and the button with the price on it. */
export function Composer() {
  const { t } = useTranslation();
  const { data: models } = useModelsQuery(undefined, { pollingInterval: 15_000 });
  const [generate, { isLoading: busy, error }] = useGenerateMutation();
  const [prompt, setPrompt] = useState('');
  const [style, setStyle] = useState('');
  const [count, setCount] = useState(1);
  const [seed, setSeed] = useState('');
  const model = models?.find((candidate) => candidate.available) ?? models?.[0];
  const body: GenerateBody = {
    prompt: prompt.trim(),
    style: style === '' ? null : style,
    count,
    ...(seed === '' ? {} : { seed }),
  };
  const price = usePrice(body);

  const send = () => {
    if (busy || body.prompt === '') return;
    const quote = price.quote && { quote_id: price.quote.quote_id };
    void generate({ body: { ...body, ...quote }, key: crypto.randomUUID() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter while a Hangul syllable is being composed belongs to the input method.
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) send();
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    send();
  };

  return (
    <form className="panel grid gap-4 lg:sticky lg:top-4" onSubmit={onSubmit}>
      <label className="grid gap-1">
        <span className="font-medium">{t('prompt')}</span>
        <textarea
          className="field min-h-28"
          maxLength={4_000}
          value={prompt}
          placeholder={t('promptPlaceholder')}
          onChange={(event) => setPrompt(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <div className="grid grid-cols-2 gap-3">
        <label className="grid gap-1">
          <span>{t('style')}</span>
          <select className="field" value={style} onChange={(event) => setStyle(event.target.value)}>
            <option value="">{t('anyStyle')}</option>
            {model?.styles.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="grid gap-1">
          <span>{t('count')}</span>
          <select className="field" value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {[1, 2, 4, 8].map((number) => (
              <option key={number}>{number}</option>
            ))}
          </select>
        </label>
        <label className="col-span-2 grid gap-1">
          <span>{t('seed')}</span>
          <input
            className="field tabular-nums"
            inputMode="numeric"
            pattern="\d{1,10}"
            value={seed}
            placeholder={t('seedPlaceholder')}
            onChange={(event) => setSeed(event.target.value.replaceAll(/\D/g, '').slice(0, 10))}
          />
        </label>
      </div>
      {models?.length === 0 && <p role="status">{t('noModel')}</p>}
      <PriceButton price={price} busy={busy} disabled={body.prompt === ''} />
      {error && (
        <p role="alert" className="text-bad">
          {problemDetail(error, t('offline'))}
        </p>
      )}
    </form>
  );
}
