import { useTranslation } from 'react-i18next';
import { useGetCreditsQuery } from '../../api/api.gen.ts';
import { buttonClass } from '../../components/ui/button.tsx';
import { formatCredits, formatPrice } from '../../format.ts';
import type { Price } from './use-price.ts';

/** The price is on the button, what it can cost at most and what is left are under it. Without a quote the button still works. */
export function PriceButton({ price, busy, disabled }: { price: Price; busy: boolean; disabled: boolean }) {
  const { t, i18n } = useTranslation();
  const { data: credits } = useGetCreditsQuery({});
  const { quote, loading } = price;
  const left = credits?.available;
  const facts = [
    quote && t('create.atMost', { ceiling: formatPrice(quote.ceiling_credits, i18n.language) }),
    typeof left === 'number' && t('create.left', { left: formatCredits(left, i18n.language) }),
  ].filter(Boolean);
  const tooMuch = quote !== undefined && typeof left === 'number' && left < quote.ceiling_credits;
  return (
    <div>
      <button
        type="submit"
        className={buttonClass('primary', 'w-full text-base tabular-nums')}
        disabled={busy || disabled}
        aria-describedby="price-facts"
        aria-keyshortcuts="Control+Enter Meta+Enter"
        data-testid="generate"
      >
        {quote
          ? t('create.createFor', { price: formatPrice(quote.expected_credits, i18n.language) })
          : t('create.create')}
        {!quote && loading && <span className="skeleton" aria-hidden="true" />}
      </button>
      <p id="price-facts" className="mt-1 min-h-6 text-sm text-muted tabular-nums">
        {facts.join(' · ')}
        {tooMuch && <strong className="text-bad"> · {t('create.notAffordable')}</strong>}
      </p>
    </div>
  );
}
