import { skipToken } from '@reduxjs/toolkit/query';
import { useEffect, useState } from 'react';
import { useQuoteQuery } from '../../api/api.ts';
import type { GenerateBody, Quote } from '../../api/types.ts';

/** The quote for what the composer holds; `stale` while a newer one is on its way. */
export type Price = { quote: Quote | undefined; loading: boolean };

/** Words do not change the price, so only the rest of the request asks for a new quote; quotes live five minutes. */
export function usePrice(body: GenerateBody): Price {
  const { style, count, seed } = body;
  const hasPrompt = body.prompt !== '';
  const [settled, setSettled] = useState<GenerateBody>();
  useEffect(() => {
    const next: GenerateBody = {
      prompt: 'x',
      ...(count !== undefined && { count }),
      ...(style !== undefined && { style }),
      ...(seed !== undefined && { seed }),
    };
    const timer = setTimeout(() => setSettled(hasPrompt ? next : undefined), 250);
    return () => clearTimeout(timer);
  }, [style, count, seed, hasPrompt]);
  const { currentData, isFetching } = useQuoteQuery(settled ?? skipToken, {
    pollingInterval: 240_000,
    refetchOnMountOrArgChange: 240,
  });
  return { quote: currentData, loading: isFetching };
}
