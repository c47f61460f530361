import ts from 'typescript';
import { expect, test } from 'vitest';
import { en } from './en/index.ts';
import { ko } from './ko/index.ts';

const sources = Object.entries(
  import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.ts', '!../**/*.gen.ts', '!./{ko,en}/**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);

type Words = { [key: string]: string | Words };
const flatten = (words: Words, prefix = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );
const korean = new Map(flatten(ko));
const english = new Map(flatten(en));
const variables = (text: string): string[] => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name ?? '').sort();

test('both languages have the same keys with the same variables', () => {
  expect([...english.keys()].sort()).toEqual([...korean.keys()].sort());
  const different = [...korean].filter(
    ([key, text]) => variables(text).join() !== variables(english.get(key) ?? '').join(),
  );
  expect(different.map(([key]) => key)).toEqual([]);
});

/** Every text that a source could hand to `t`: whole strings, and templates with their holes as wildcards. */
function mentionedKeys(file: string, source: string): RegExp[] {
  const found: RegExp[] = [];
  const keyPattern = (parts: string[]): RegExp =>
    new RegExp(`^${parts.map((part) => part.replaceAll('.', String.raw`\.`)).join('[\\w-]+')}$`);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) {
      if (/^[a-z]\w*\.[\w.-]+$/i.test(node.text)) found.push(keyPattern([node.text]));
    } else if (ts.isTemplateExpression(node) && /^[a-z]\w*\.[\w.-]*$/i.test(node.head.text))
      found.push(keyPattern([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

test('no key of the catalogue is unused', () => {
  const mentioned = sources.flatMap(([file, source]) => mentionedKeys(file, source));
  const unused = [...korean.keys()].filter((key) => {
    const base = key.replace(/_(one|other)$/, '');
    return !mentioned.some((pattern) => pattern.test(key) || pattern.test(base));
  });
  expect(unused).toEqual([]);
});

/** Letters that a person would read: text between tags, and the attributes that are read aloud. */
function strayTexts(file: string, source: string): string[] {
  const found: string[] = [];
  const spoken = /^(aria-label|title|placeholder|alt|label|hint)$/;
  const ownNames = /^(pingvas|PingvasAI|Google|Discord|curl|JavaScript|Python|Esc|Ctrl|Enter|GPU|API)$/;
  const visit = (node: ts.Node): void => {
    const text = ts.isJsxText(node)
      ? node.text
      : ts.isJsxAttribute(node) &&
          spoken.test(node.name.getText()) &&
          node.initializer &&
          ts.isStringLiteral(node.initializer)
        ? node.initializer.text
        : ts.isStringLiteralLike(node) && /\p{Script=Hangul}/u.test(node.text)
          ? node.text
          : '';
    if (/\p{L}{2}/u.test(text) && !ownNames.test(text.trim())) found.push(`${file}: ${text.trim()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

test('no screen has words outside the catalogue', () => {
  const screens = sources.filter(([file]) => file.endsWith('.tsx'));
  expect(screens.flatMap(([file, source]) => strayTexts(file, source))).toEqual([]);
});

test('Korean keeps one voice: 해요체, no exclamation marks, particles by the sound', () => {
  const rules: [string, RegExp][] = [
    ['polite form of another level', /(습니다|ㅂ니다|십시오|하세요\?|합니다)/],
    ['exclamation mark', /!/],
    ['both particles written out', /(이\(가\)|을\(를\)|은\(는\)|와\(과\)|\(으\)로)/],
    ['a particle fixed after a variable', /\}\}(이|가|을|를|은|는|과|와|으로|로)(?=[\s.,?·]|$)/],
  ];
  const broken = [...korean].flatMap(([key, text]) =>
    rules.filter(([, pattern]) => pattern.test(text)).map(([rule]) => `${key}: ${rule}: ${text}`),
  );
  expect(broken).toEqual([]);
});
