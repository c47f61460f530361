import { useTranslation } from 'react-i18next';
import { useListPlansQuery } from '../../api/api.gen.ts';
import { formatCredits } from '../../format.ts';

const questions = ['credit', 'fail', 'left', 'change', 'cancel', 'own'] as const;

/** What people ask before they pay. */
export function Faq() {
  const { t, i18n } = useTranslation();
  const { data: offer } = useListPlansQuery();
  const amount = (credits: number | undefined) => (credits === undefined ? '…' : formatCredits(credits, i18n.language));
  return (
    <section aria-labelledby="faq-title" className="max-w-3xl">
      <h2 id="faq-title" className="text-2xl font-semibold">
        {t('plans.faq')}
      </h2>
      <div className="mt-4 divide-y divide-line border-y border-line">
        {questions.map((question) => (
          <details key={question} className="group">
            <summary className="flex min-h-12 cursor-pointer list-none items-center justify-between gap-4 py-2 font-medium">
              {t(`plans.faq_${question}`)}
              <span aria-hidden="true" className="text-xl text-muted transition-transform group-open:rotate-45">
                +
              </span>
            </summary>
            <p className="pr-8 pb-4 text-pretty text-muted">
              {t(`plans.faq_${question}Text`, {
                gpu: amount(offer?.rules.credits_per_gpu_second),
                call: amount(offer?.rules.credits_per_api_call),
              })}
            </p>
          </details>
        ))}
      </div>
    </section>
  );
}
