import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useListPlansQuery } from '../../api/api.gen.ts';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { formatCredits } from '../../format.ts';
import { sampleLanguages, samples } from './samples.ts';

/** Programs that make an image; with the key that was just made, or a place for one. */
export function CodeSamples({ secret }: { secret: string | undefined }) {
  const { t, i18n } = useTranslation();
  const [language, setLanguage] = useState<(typeof sampleLanguages)[number]['value']>('curl');
  const { data: offer } = useListPlansQuery();
  const perCall = offer ? formatCredits(offer.rules.credits_per_api_call, i18n.language) : '…';
  return (
    <section className="panel p-6" aria-labelledby="samples-title">
      <h2 id="samples-title" className="font-semibold">
        {t('usage.samples')}
      </h2>
      <p className="mb-4 text-sm text-muted">{t('usage.samplesHint', { credits: perCall })}</p>
      <Segmented
        label={t('usage.sampleLanguage')}
        value={language}
        choices={[...sampleLanguages]}
        onChoose={setLanguage}
      />
      <div className="mt-4">
        <CodeBlock
          label={`${t('usage.samples')} ${language}`}
          code={samples[language](location.origin, secret ?? 'pv_live_…')}
        />
      </div>
    </section>
  );
}
