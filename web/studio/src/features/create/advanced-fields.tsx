import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/ui/icon.tsx';
import type { Model } from '../../api/api.gen.ts';
import type { Draft } from '../../lib/draft/draft.ts';
import { SeedField } from './seed-field.tsx';
import { Slider } from './slider.tsx';

type Props = { model: Model; draft: Draft; onChange: (changes: Partial<Draft>) => void };

/** What most people never touch, folded away. */
export function AdvancedFields({ model, draft, onChange }: Props) {
  const { t } = useTranslation();
  const guidanceStep = 0.5;
  return (
    <details className="group">
      <summary className="flex min-h-11 cursor-pointer list-none items-center text-sm font-medium">
        {t('create.advanced')}
        <span className="ml-auto text-muted transition-transform group-open:rotate-90">
          <Icon name="right" size={16} />
        </span>
      </summary>
      <div className="grid gap-4 pt-1">
        <label className="grid gap-1 text-sm">
          {t('create.negative')}
          <textarea
            className="field min-h-11"
            rows={2}
            maxLength={4_000}
            value={draft.negativePrompt}
            placeholder={t('create.negativePlaceholder')}
            onChange={(event) => onChange({ negativePrompt: event.target.value })}
          />
        </label>
        <Slider
          label={t('create.steps')}
          {...ends(model.steps)}
          step={1}
          value={draft.steps ?? model.steps.default}
          onChange={(steps) => onChange({ steps })}
        />
        <Slider
          label={t('create.guidance')}
          hint={t('create.guidanceHint')}
          {...ends(model.guidance)}
          step={guidanceStep}
          value={draft.guidance ?? model.guidance.default}
          onChange={(guidance) => onChange({ guidance })}
        />
        <div className="grid grid-cols-2 gap-3">
          <SeedField seed={draft.seed} onChange={(seed) => onChange({ seed })} />
          <label className="grid gap-1 text-sm">
            {t('create.scheduler')}
            <select
              className="field px-2"
              value={draft.scheduler ?? model.schedulers[0] ?? ''}
              onChange={(event) => onChange({ scheduler: event.target.value })}
            >
              {model.schedulers.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        </div>
      </div>
    </details>
  );
}

const ends = ({ min, max }: { min: number; max: number }) => ({ min, max });
