import type { Language } from './i18n.ts';

/** Each language by its own name, so that a reader who knows no other finds it. */
export const languageNames: Record<Language, string> = { ko: '한국어', en: 'English' };
