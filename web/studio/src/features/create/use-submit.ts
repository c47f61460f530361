import { useRef } from 'react';
import { useGenerateMutation } from '../../api/api.gen.ts';
import type { GenerateBody, Quote } from '../../api/api.gen.ts';

type Attempt = { words: string; body: GenerateBody; key: string };

/**
 * Submits what the composer holds. When no answer came (the connection broke), the same request sent once more carries the same key: it may have been
 * accepted, and must not be paid twice.
 */
export function useSubmit(): {
  submit: (body: GenerateBody, quote: Quote | undefined) => void;
  busy: boolean;
  error: unknown;
} {
  const [generate, { isLoading, error }] = useGenerateMutation();
  const unanswered = useRef<Attempt>(undefined);
  const submit = async (body: GenerateBody, quote: Quote | undefined): Promise<void> => {
    const words = JSON.stringify(body);
    const attempt: Attempt =
      unanswered.current?.words === words
        ? unanswered.current
        : { words, body: { ...body, ...(quote && { quote_id: quote.quote_id }) }, key: crypto.randomUUID() };
    unanswered.current = attempt;
    const { error: refused } = await generate({ generateBody: attempt.body, 'idempotency-key': attempt.key });
    const answered = !refused || ('status' in refused && typeof refused.status === 'number');
    if (answered && unanswered.current === attempt) unanswered.current = undefined;
  };
  return { submit: (body, quote) => void submit(body, quote), busy: isLoading, error };
}
