import { useEffect } from 'react';

let title = '';
let prefix = '';
const show = (): void => {
  document.title = `${prefix}${title} · pingvas`;
};

/** Names the page in the tab, in the history, and for a screen reader that arrives. */
export function usePageTitle(name: string): void {
  useEffect(() => {
    title = name;
    show();
  }, [name]);
}

/** What stands before the name of the page, such as how far a job is; empty for nothing. */
export function setTitlePrefix(text: string): void {
  prefix = text;
  show();
}
