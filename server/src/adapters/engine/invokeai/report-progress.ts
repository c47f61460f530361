import type { GenerateProgress, GenerateSpec, PhaseTimings } from '../port.ts';
import { toPreview } from './pictures.ts';
import type { ItemTracker } from './track-item.ts';

/** At most two previews a second. */
const PREVIEW_EVERY_MS = 500;

export type Reporter = {
  /** From now on reports are about this item; what the last one computed is kept. */
  follow: (tracker: ItemTracker) => void;
  /** Tells how far the job is; a preview goes along once it is converted, unless one went less than half a second ago. */
  tell: (previewDataUrl?: string) => void;
  imageDone: () => void;
  /** Waits for the preview on its way and gives the timings of all items. A job that was not cancelled is told to be complete. */
  end: (cancelled: boolean) => Promise<PhaseTimings>;
};

/** Turns what the items of a job report into progress of the whole job, which only grows. */
export function createReporter(spec: GenerateSpec, onProgress: (progress: GenerateProgress) => void): Reporter {
  const steps = spec.steps * spec.count;
  const done: PhaseTimings = { loadUs: 0, encodeUs: 0, denoiseUs: 0, decodeUs: 0 };
  let tracker: ItemTracker | null = null;
  let images = 0;
  let lastPreviewMs = -Infinity;
  let converting: Promise<void> = Promise.resolve();
  let shown = 0;

  const timings = (): PhaseTimings => (tracker ? sum(done, tracker.timings()) : { ...done });
  const report = (preview?: Uint8Array): void => {
    const step = images * spec.steps + Math.round((tracker?.fraction() ?? 0) * spec.steps);
    const phase = tracker?.phase() ?? 'load';
    shown = Math.max(shown, (images + share(phase, tracker?.fraction() ?? 0)) / spec.count);
    onProgress({ phase, step, steps, progress: shown, timings: timings(), ...(preview && { preview }) });
  };
  const close = (): void => {
    if (tracker) Object.assign(done, sum(done, tracker.timings()));
    tracker = null;
  };
  return {
    follow: (next) => {
      close();
      tracker = next;
    },
    tell: (previewDataUrl) => {
      report();
      if (previewDataUrl === undefined || performance.now() - lastPreviewMs < PREVIEW_EVERY_MS) return;
      lastPreviewMs = performance.now();
      converting = toPreview(previewDataUrl).then((preview) => preview && report(preview));
    },
    imageDone: () => {
      close();
      images++;
      if (images < spec.count) report();
    },
    end: async (cancelled) => {
      await converting;
      close();
      if (!cancelled) onProgress({ phase: 'decode', step: steps, steps, progress: 1, timings: { ...done } });
      return done;
    },
  };
}

/** How much of an image is done: the first twentieth is reading words, the last is decoding. */
function share(phase: GenerateProgress['phase'], fraction: number): number {
  return phase === 'decode' ? 0.95 : fraction > 0 ? 0.05 + 0.9 * fraction : 0;
}

function sum(a: PhaseTimings, b: PhaseTimings): PhaseTimings {
  return {
    loadUs: a.loadUs + b.loadUs,
    encodeUs: a.encodeUs + b.encodeUs,
    denoiseUs: a.denoiseUs + b.denoiseUs,
    decodeUs: a.decodeUs + b.decodeUs,
  };
}
