import { useEffect, useState } from 'react';
import { type GenerateBody, type Quote, useCreateQuoteQuery } from '../../api/api.gen.ts';

/** The quote for what the composer holds, and whether one is on its way. */
export type Price = { quote: Quote | undefined; loading: boolean };

/** Quotes live five minutes; a new one is asked for before that. */
const renewMs = 240_000;
/** A slider that is moved asks once it rests. */
const restMs = 250;

/** What a request would cost; undefined asks for nothing. While the request still changes there is no quote, so that none for another one is shown. */
export function usePrice(request: GenerateBody | undefined): Price {
  const wanted = JSON.stringify(request);
  const rested = useRested(wanted);
  const { currentData, isFetching } = useCreateQuoteQuery(
    { generateBody: rested === undefined ? { prompt: 'x' } : (JSON.parse(rested) as GenerateBody) },
    {
      skip: rested === undefined,
      pollingInterval: renewMs,
      refetchOnMountOrArgChange: renewMs / 1_000,
      refetchOnFocus: true,
    },
  );
  const isCurrent = wanted === rested;
  return { quote: isCurrent ? currentData : undefined, loading: isFetching || !isCurrent };
}

/** The value once it has not changed for a moment; the first one at once. */
function useRested(value: string | undefined): string | undefined {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), rested === undefined ? 0 : restMs);
    return () => clearTimeout(timer);
  }, [value, rested]);
  return rested;
}
