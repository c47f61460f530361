import { useTranslation } from 'react-i18next';
import { useListPlansQuery } from '../../api/api.gen.ts';
import { formatUsd } from '../../format.ts';

/** The price of a plan as words, `$75/월`; empty until it is known, and for plans by contract. */
export function usePlanPrice(): (planId: string, interval: 'month' | 'year') => string {
  const { t, i18n } = useTranslation();
  const { data: offer } = useListPlansQuery();
  return (planId, interval) => {
    const plan = offer?.data.find(({ id }) => id === planId);
    const usd = interval === 'year' ? plan?.yearly_usd : plan?.monthly_usd;
    if (usd === undefined || usd === null) return '';
    return formatUsd(usd, i18n.language) + t(interval === 'year' ? 'plans.perYear' : 'plans.perMonth');
  };
}
