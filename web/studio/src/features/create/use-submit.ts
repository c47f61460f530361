import { useRef, useState } from 'react';
import { type GenerateBody, type Model, type Quote, useGenerateMutation } from '../../api/api.gen.ts';
import { useUploadMutation } from '../../api/upload.ts';
import type { Draft } from '../../lib/draft/draft.ts';
import { paintMask } from '../../lib/draft/mask.ts';
import { canvasOf, editOf, requestOf } from '../../lib/draft/request-of.ts';

type Attempt = { words: string; body: GenerateBody; key: string };

/**
 * Submits what the composer holds; a painted mask is uploaded first, once. When no answer came (the connection broke), the same request sent once more
 * carries the same key: it may have been accepted, and must not be paid twice. Resolves to whether the job was accepted.
 */
export function useSubmit() {
  const [generate, { isLoading, error, reset }] = useGenerateMutation();
  const [upload, { isLoading: isUploading, error: uploadError }] = useUploadMutation();
  const [accepted, setAccepted] = useState(0);
  const unanswered = useRef<Attempt>(undefined);
  const uploaded = useRef<{ painted: string; maskId: string }>(undefined);

  const maskOf = async (draft: Draft, model: Model): Promise<string | null> => {
    const painted = JSON.stringify([draft.strokes, draft.source, canvasOf(draft, model)]);
    if (uploaded.current?.painted !== painted) {
      const maskId = (await upload(await maskFile(draft, model)).unwrap()).image_id;
      uploaded.current = { painted, maskId };
    }
    return uploaded.current.maskId;
  };
  const submit = async (draft: Draft, model: Model, quote: Quote | undefined): Promise<boolean> => {
    const maskId = editOf(draft, model) === 'mask' ? await maskOf(draft, model).catch(() => undefined) : null;
    if (maskId === undefined) return false;
    const body = requestOf(draft, model, maskId);
    const words = JSON.stringify(body);
    const attempt: Attempt =
      unanswered.current?.words === words
        ? unanswered.current
        : { words, body: { ...body, ...(quote && { quote_id: quote.quote_id }) }, key: crypto.randomUUID() };
    unanswered.current = attempt;
    const { error: refused } = await generate({ generateBody: attempt.body, 'idempotency-key': attempt.key });
    const answered = !refused || ('status' in refused && typeof refused.status === 'number');
    if (answered && unanswered.current === attempt) unanswered.current = undefined;
    if (!refused) setAccepted((count) => count + 1);
    return !refused;
  };
  return { submit, busy: isLoading || isUploading, error: error ?? uploadError, dismiss: reset, accepted };
}

/** The mask as the API takes it: a PNG of the canvas's size, white where it is to be redrawn. */
async function maskFile(draft: Draft, model: Model): Promise<Blob> {
  const { width, height } = canvasOf(draft, model);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser paints no canvas');
  paintMask(context, draft.strokes);
  return canvas.convertToBlob({ type: 'image/png' });
}
