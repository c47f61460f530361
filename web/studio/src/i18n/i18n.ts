import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import { passwordLengthMin } from '../lib/password-length-min.ts';
import { type Particles, withJosa } from './josa.ts';
import type { ko } from './ko/index.ts';

export type Language = 'ko' | 'en';
export type Catalogue = typeof ko;

declare module 'i18next' {
  // Keys are checked by the compiler.
  interface CustomTypeOptions {
    resources: { translation: Catalogue };
  }
}

/** Only the language of the reader is loaded. */
const catalogues: Record<Language, () => Promise<Catalogue>> = {
  ko: async () => (await import('./ko/index.ts')).ko,
  en: async () => (await import('./en/index.ts')).en,
};
const kept = 'pingvas.language';

function preferred(): Language {
  const chosen = localStorage.getItem(kept) ?? navigator.language;
  return chosen.startsWith('ko') ? 'ko' : 'en';
}

/** Loads the reader's language; nothing may be drawn before. */
export async function startI18n(): Promise<void> {
  const language = preferred();
  await i18n.use(initReactI18next).init({
    resources: { [language]: { translation: await catalogues[language]() } },
    lng: language,
    fallbackLng: false,
    interpolation: {
      escapeValue: false, // React escapes.
      defaultVariables: { passwordLengthMin },
    },
  });
  // `{{word, josa(pick: 을/를)}}`
  i18n.services.formatter?.add('josa', (word: unknown, _language, { pick }: { pick: Particles }) =>
    withJosa(String(word), pick),
  );
  document.documentElement.lang = language;
}

/** Changes the language of the page and remembers it. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(kept, language);
  if (!i18n.hasResourceBundle(language, 'translation'))
    i18n.addResourceBundle(language, 'translation', await catalogues[language]());
  document.documentElement.lang = language;
  await i18n.changeLanguage(language);
}

export default i18n;
