import { type CardWord, cards, cardWords } from '../cards.ts';
import { type Language, words } from './words.ts';

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark);

export const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

export const showDate = (at: number, language: Language): string =>
  new Date(at).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' });

const style = `
:root { color-scheme: light dark; --edge: #8886; --accent: #5b4ce0; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }
p.notice { border: 1px dashed var(--edge); border-radius: 8px; padding: .5rem .75rem; font-size: .875rem; }
fieldset { border: 1px solid var(--edge); border-radius: 8px; padding: .75rem 1rem; }
label { display: block; padding: .35rem 0; } code { opacity: .8; }
button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: 8px; background: var(--accent); color: #fff; cursor: pointer; margin: .75rem .5rem 0 0; }
button:focus-visible, a:focus-visible, input:focus-visible { outline: 3px solid #f5a524; outline-offset: 2px; }
.alert { border-left: 4px solid #d33; padding-left: .75rem; } .price { font-size: 1.5rem; font-weight: 600; }
section { border-top: 1px solid var(--edge); margin-top: 1.5rem; }`;

/** A whole page. `title` is plain text, `content` is HTML. */
export const layout = (language: Language, title: string, content: string): string =>
  `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body><main><h1>${escape(title)}</h1><p class="notice">${words[language].notice}</p>${content}</main></body></html>`;

/** The choice of a test card. */
export const cardChoice = (language: Language, chosen: CardWord = 'paid'): string =>
  `<fieldset><legend>${words[language].chooseCard}</legend>${cardWords
    .map((card) => {
      const number = cards[card].number.replaceAll(/(.{4})(?=.)/g, '$1 ');
      return `<label><input type="radio" name="card" value="${card}"${card === chosen ? ' checked' : ''}> ${words[language][card]} <code>${number}</code></label>`;
    })
    .join('')}</fieldset>`;
