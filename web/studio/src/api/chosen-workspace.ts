const kept = 'pingvas.workspace';

/** The workspace that this browser works in; null is the personal one. */
export const chosenWorkspace = (): string | null => localStorage.getItem(kept);

/** Works in another workspace from now on; what the page knows of the last one has to be forgotten by the caller. */
export function chooseWorkspace(workspaceId: string | null): void {
  if (workspaceId === null) localStorage.removeItem(kept);
  else localStorage.setItem(kept, workspaceId);
}
