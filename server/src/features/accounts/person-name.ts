/** Characters of a person's name. */
export const nameMax = 100;

// eslint-disable-next-line no-control-regex -- control characters are exactly what a name must not hold; a NUL ends in a database error
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

export const withoutControls = (text: string): string => text.replace(controls, '');

export const isName = (name: unknown): boolean =>
  typeof name === 'string' &&
  name.trim() !== '' &&
  name.length <= nameMax &&
  name.isWellFormed() &&
  withoutControls(name) === name;
