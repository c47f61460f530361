import { useEffect } from 'react';
import { setTitlePrefix } from '../use-page-title.ts';
import type { LiveFacts } from './live-facts.ts';

/** Shows how far the running jobs are in the title and the icon of the tab, for somebody who looks at another one. */
export function useProgressSigns(live: Record<string, LiveFacts>): void {
  const running = Object.values(live).filter(({ progress }) => progress < 1);
  const share =
    running.length === 0 ? undefined : running.reduce((sum, { progress }) => sum + progress, 0) / running.length;
  const percent = share === undefined ? undefined : Math.floor(share * 100);
  useEffect(() => {
    setTitlePrefix(percent === undefined ? '' : `${percent}% `);
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (!icon || percent === undefined) return;
    const usual = icon.href;
    icon.href = ring(percent);
    return () => {
      icon.href = usual;
    };
  }, [percent]);
  useEffect(() => () => setTitlePrefix(''), []);
}

/** A ring as full as the work is done, as the address of a picture. Its colours are those of progress in both themes. */
function ring(percent: number): string {
  const length = 2 * Math.PI * 12;
  const circle = (colour: string, more = ''): string =>
    `<circle cx="16" cy="16" r="12" fill="none" stroke="${colour}" stroke-width="6" ${more}/>`;
  const done = `stroke-dasharray="${(length * percent) / 100} ${length}" transform="rotate(-90 16 16)"`;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${circle('#8885')}${circle('#2f8fc4', done)}</svg>`)}`;
}
