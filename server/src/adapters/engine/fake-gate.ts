import { aborted } from './aborted.ts';

/** A door that a test opens and shuts, so that it can look at a job in the middle without sleeping. */
export type Gate = {
  shut: () => void;
  open: () => void;
  /** Returns at once while open, else when it opens or the signal aborts. */
  pass: (signal: AbortSignal) => Promise<void>;
};

export function createGate(): Gate {
  let waiting = Promise.withResolvers<undefined>();
  waiting.resolve(undefined);
  let isOpen = true;
  return {
    shut() {
      if (isOpen) waiting = Promise.withResolvers<undefined>();
      isOpen = false;
    },
    open() {
      isOpen = true;
      waiting.resolve(undefined);
    },
    async pass(signal) {
      if (!isOpen) await Promise.race([waiting.promise, aborted(signal)]);
    },
  };
}
