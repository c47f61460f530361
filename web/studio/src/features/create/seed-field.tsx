import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/ui/icon-button.tsx';

const seedMax = 2 ** 32 - 1;

/** Empty is a random seed each time; locked is the same one. */
export function SeedField({ seed, onChange }: { seed: string; onChange: (seed: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const isLocked = seed !== '';
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm">
        {t('create.seed')}
      </label>
      <div className="flex gap-1">
        <input
          id={id}
          className="field px-2 tabular-nums"
          inputMode="numeric"
          value={seed}
          placeholder={t('create.seedPlaceholder')}
          onChange={(event) => {
            const digits = event.target.value.replaceAll(/\D/g, '');
            if (Number(digits) <= seedMax) onChange(digits);
          }}
        />
        <IconButton
          icon={isLocked ? 'lock' : 'dice'}
          label={t(isLocked ? 'create.unlockSeed' : 'create.lockSeed')}
          aria-pressed={isLocked}
          onClick={() => onChange(isLocked ? '' : String(crypto.getRandomValues(new Uint32Array(1))[0]))}
        />
      </div>
    </div>
  );
}
