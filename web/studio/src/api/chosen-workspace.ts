const kept = 'pingvas.workspace';

/** The workspace that this browser works in; null is the personal one. */
export const chosenWorkspace = (): string | null => localStorage.getItem(kept);
