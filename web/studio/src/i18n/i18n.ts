import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { ko } from './ko.ts';

const kept = 'pingvas.language';
const preferred = localStorage.getItem(kept) ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');

void i18n.use(initReactI18next).init({
  resources: { ko: { translation: ko }, en: { translation: en } },
  lng: preferred,
  fallbackLng: 'en',
  interpolation: { escapeValue: false }, // React escapes.
});
document.documentElement.lang = i18n.language;

/** Changes the language of the page and remembers it. */
export async function setLanguage(language: 'ko' | 'en'): Promise<void> {
  localStorage.setItem(kept, language);
  document.documentElement.lang = language;
  await i18n.changeLanguage(language);
}

export default i18n;
