import { useCreateQuoteQuery } from '../../api/api.gen.ts';
import type { GenerateBody, Quote } from '../../api/api.gen.ts';

/** The quote for what the composer holds, and whether one is on its way. */
export type Price = { quote: Quote | undefined; loading: boolean };

/** Quotes live five minutes; a new one is asked for before that. */
const renewMs = 240_000;

/** What the composer would cost. Words, style and seed change no price, so a quote for other words holds; only the number of images counts. */
export function usePrice({ count }: Pick<GenerateBody, 'count'>): Price {
  const { currentData, isFetching } = useCreateQuoteQuery(
    { generateBody: { prompt: 'x', ...(count !== undefined && { count }) } },
    { pollingInterval: renewMs, refetchOnMountOrArgChange: renewMs / 1_000, refetchOnFocus: true },
  );
  return { quote: currentData, loading: isFetching };
}
