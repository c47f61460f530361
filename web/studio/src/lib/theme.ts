export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const kept = 'pingvas.theme';

export function chosenTheme(): Theme {
  const chosen = localStorage.getItem(kept);
  return themes.find((theme) => theme === chosen) ?? 'system';
}

/** Puts the choice on the page; the tokens follow (`web/shared`). */
export function applyTheme(theme: Theme = chosenTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Changes the theme and remembers it on this device. */
export function setTheme(theme: Theme): void {
  localStorage.setItem(kept, theme);
  applyTheme(theme);
}
