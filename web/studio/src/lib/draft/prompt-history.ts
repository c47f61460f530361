const kept = 'pingvas.prompts';
const keptMax = 30;

/** The prompts used last, newest first. */
export function promptHistory(): string[] {
  try {
    const words: unknown = JSON.parse(localStorage.getItem(kept) ?? '[]');
    return Array.isArray(words) ? words.filter((prompt) => typeof prompt === 'string') : [];
  } catch {
    return [];
  }
}

/** Remembers a prompt; one that was used before moves to the front. */
export function rememberPrompt(prompt: string): void {
  const words = [prompt, ...promptHistory().filter((other) => other !== prompt)].slice(0, keptMax);
  localStorage.setItem(kept, JSON.stringify(words));
}

/** Nothing of a person stays in the browser after they left. */
export const forgetPrompts = (): void => localStorage.removeItem(kept);
