const files = import.meta.glob<string>('./examples/*.webp', { query: '?url', import: 'default', eager: true });

/** Pictures that the embedded engine drew from the word alone (4 at once, 20 steps), and what one of them cost there. */
export const examples = [
  { name: 'penguin', credits: 1 },
  { name: 'fox', credits: 0.518 },
  { name: 'sunflower', credits: 0.944 },
  { name: 'strawberry', credits: 0.403 },
  { name: 'owl', credits: 0.557 },
  { name: 'butterfly', credits: 0.401 },
  { name: 'cactus', credits: 0.547 },
  { name: 'whale', credits: 0.37 },
] as const;

export const exampleUrl = (name: string): string => files[`./examples/${name}.webp`] ?? '';
