import { useEffect } from 'react';

/** Names the page in the tab, in the history, and for a screen reader that arrives. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · pingvas`;
  }, [title]);
}
