import { useEffect } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { Draft } from '../../lib/draft/draft.ts';

/** A link may bring words (`/create?prompt=…`): they go into the composer, and out of the address, so that a reload does not bring them again. */
export function usePromptLink(change: (changes: Partial<Draft>) => void): void {
  const [query] = useSearchParams();
  const [, navigate] = useLocation();
  const prompt = query.get('prompt');
  useEffect(() => {
    if (prompt === null) return;
    change({ prompt });
    navigate('/create', { replace: true });
  }, [prompt, change, navigate]);
}
