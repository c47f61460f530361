/** Why an attempt was told to stop. The first reason wins. */
export type StopReason = 'cancel' | 'timeout' | 'lease_lost' | 'drain';

export type AttemptControl = {
  signal: AbortSignal;
  /** Asks the engine to stop; later reasons change nothing, except that a lost lease outranks all (nothing may be written any more). */
  stop: (reason: StopReason) => void;
  reason: () => StopReason | undefined;
};

/** One attempt's way to be stopped from several sides. */
export function createAttemptControl(): AttemptControl {
  const controller = new AbortController();
  let first: StopReason | undefined;
  return {
    signal: controller.signal,
    stop: (reason) => {
      if (first === undefined || reason === 'lease_lost') first = reason;
      controller.abort(first);
    },
    reason: () => first,
  };
}
