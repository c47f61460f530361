import { useTranslation } from 'react-i18next';
import { formatCredits, formatPrice } from '../../format.ts';
import type { Price } from './use-price.ts';

/** The price is on the button, what it can cost at most and what is left are under it. Without a quote the button still works. */
export function PriceButton({ price, busy, disabled }: { price: Price; busy: boolean; disabled: boolean }) {
  const { t, i18n } = useTranslation();
  const { quote } = price;
  const label = quote ? t('createFor', { price: formatPrice(quote.expected_credits, i18n.language) }) : t('create');
  return (
    <div>
      <button
        type="submit"
        className="button button-primary w-full text-base tabular-nums"
        disabled={busy || disabled}
        aria-describedby="price-facts"
        data-testid="generate"
      >
        {label}
      </button>
      <p id="price-facts" className="mt-1 min-h-6 text-sm text-muted tabular-nums">
        {quote && (
          <>
            {t('atMost', { ceiling: formatPrice(quote.ceiling_credits, i18n.language) })}
            {quote.available_credits !== null &&
              ` · ${t('left', { left: formatCredits(quote.available_credits, i18n.language) })}`}
            {!quote.affordable && <strong className="text-bad"> · {t('notAffordable')}</strong>}
          </>
        )}
      </p>
    </div>
  );
}
