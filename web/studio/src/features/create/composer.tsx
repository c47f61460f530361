import { type KeyboardEvent, type SubmitEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useListModelsQuery } from '../../api/api.gen.ts';
import type { GenerateBody } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { useKeys } from '../../lib/use-keys.ts';
import { PriceButton } from './price-button.tsx';
import { usePrice } from './use-price.ts';
import { useSubmit } from './use-submit.ts';

const seedMax = 2 ** 32 - 1;

/** Prompt, a few choices, and the button with the price on it. */
export function Composer() {
  const { t } = useTranslation();
  const { data: { data: models } = {} } = useListModelsQuery({}, { pollingInterval: 15_000 });
  const { submit, busy, error } = useSubmit();
  const promptField = useRef<HTMLTextAreaElement>(null);
  useKeys(useMemo(() => ({ '/': () => promptField.current?.focus() }), []));
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
  const price = usePrice({ count });

  const send = () => {
    if (!busy && body.prompt !== '') submit(body, price.quote);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter while a Hangul syllable is being composed belongs to the input method, and a key held down is one wish.
    const { isComposing, repeat } = event.nativeEvent;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isComposing && !repeat) send();
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    send();
  };

  return (
    <form className="panel grid gap-4 lg:sticky lg:top-4" onSubmit={onSubmit}>
      <label className="grid gap-1">
        <span className="font-medium">{t('create.prompt')}</span>
        <textarea
          ref={promptField}
          className="field min-h-24 lg:min-h-32"
          maxLength={4_000}
          value={prompt}
          placeholder={t('create.promptPlaceholder')}
          onChange={(event) => setPrompt(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <div className="grid grid-cols-[1.2fr_0.8fr_1.3fr] gap-3 text-sm">
        <label className="grid gap-1">
          <span>{t('create.style')}</span>
          <select className="field px-2" value={style} onChange={(event) => setStyle(event.target.value)}>
            <option value="">{t('create.anyStyle')}</option>
            {model?.styles.map((name) => (
              <option key={name} value={name}>
                {t(`create.style_${name as 'flat'}`, { defaultValue: name })}
              </option>
            ))}
          </select>
        </label>
        <label className="grid gap-1">
          <span>{t('create.count')}</span>
          <select className="field px-2" value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {[1, 2, 4, 8].map((number) => (
              <option key={number}>{number}</option>
            ))}
          </select>
        </label>
        <label className="grid gap-1">
          <span>{t('create.seed')}</span>
          <input
            className="field px-2 tabular-nums"
            inputMode="numeric"
            value={seed}
            placeholder={t('create.seedPlaceholder')}
            onChange={(event) => {
              const digits = event.target.value.replaceAll(/\D/g, '');
              if (Number(digits) <= seedMax) setSeed(digits);
            }}
          />
        </label>
      </div>
      {models?.length === 0 && <p role="status">{t('create.noModel')}</p>}
      <PriceButton price={price} busy={busy} disabled={body.prompt === ''} />
      {error !== undefined && <ProblemNote error={error} />}
    </form>
  );
}
