import { useEffect } from 'react';

// A radio button takes arrows and space alone: whoever just chose one goes on with the keys of the page.
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio]), textarea, select'));

/**
 * Single keys that act on the whole page, by `KeyboardEvent.key` in lower case. Silent while somebody types or composes Hangul, with a modifier, and
 * while a dialog or a menu has the keyboard.
 */
export function useKeys(actions: Record<string, () => void>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.defaultPrevented || isTyping(event.target) || document.querySelector('[role=dialog],[role=menu]'))
        return;
      const act = actions[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [actions]);
}
