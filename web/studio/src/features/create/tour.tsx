import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';

const kept = 'pingvas.toured';

/** Two steps for somebody who is here for the first time: an example to run, and where the price stands. Skipped or done, it never comes back. */
export function Tour({ onExample }: { onExample: () => void }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<1 | 2 | null>(() => (localStorage.getItem(kept) === null ? 1 : null));
  if (step === null) return null;
  const end = (): void => {
    localStorage.setItem(kept, 'yes');
    setStep(null);
  };
  return (
    <section className="panel mb-4 flex flex-wrap items-center gap-x-4 gap-y-2" aria-label={t('create.tour')}>
      <p className="text-sm text-muted tabular-nums">{`${step}/2`}</p>
      <p className="min-w-56 flex-1">{t(step === 1 ? 'create.tourPrompt' : 'create.tourPrice')}</p>
      <Button look="ghost" onClick={end}>
        {t(step === 1 ? 'create.tourSkip' : 'create.tourDone')}
      </Button>
      {step === 1 && (
        <Button
          onClick={() => {
            onExample();
            setStep(2);
          }}
        >
          {t('create.tourExample')}
        </Button>
      )}
    </section>
  );
}
