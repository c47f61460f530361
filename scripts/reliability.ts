import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a test of the soak lane found. `of` is its number in `docs/reliability.md`. */
export type SoakFigure = { of: string; test: string; figure: string; ok: boolean; at: string };
export type MutantFound = { name: string; of: string; verdict: 'killed' | 'survived'; seconds: number };

const docs = path.join(import.meta.dirname, '../docs');
const page = path.join(docs, 'reliability.md');

const kept = <T>(name: string): T[] => {
  const file = path.join(docs, 'results', `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T[]) : [];
};
const keep = (name: string, values: unknown[]): void => {
  mkdirSync(path.join(docs, 'results'), { recursive: true });
  writeFileSync(path.join(docs, 'results', `${name}.json`), `${JSON.stringify(values)}\n`);
};

/** Keeps figures, each in the place of an older one of the same test, and writes the page. Returns the table. */
export function keepFigures(figures: readonly SoakFigure[]): string {
  const others = kept<SoakFigure>('soak').filter(({ test }) => !figures.some((figure) => figure.test === test));
  const all = [...others, ...figures].sort((a, b) => (a.of < b.of ? -1 : a.of > b.of ? 1 : 0));
  keep('soak', all);
  const table = [
    '| | test | found | when |',
    '| --- | --- | --- | --- |',
    ...all.map(({ of, test, figure, ok, at }) => `| ${of} | ${test} | ${ok ? '' : '**failed** '}${figure} | ${at} |`),
  ].join('\n');
  put('soak', table);
  return table;
}

/** Keeps what became of the mutants and writes the page. */
export function keepMutants(found: readonly MutantFound[]): void {
  keep('mutants', [...found]);
  put(
    'mutants',
    [
      '| | what was taken away | | s |',
      '| --- | --- | --- | ---: |',
      ...found.map(({ of, name, verdict, seconds }) => `| ${of} | ${name} | ${verdict} | ${seconds} |`),
    ].join('\n'),
  );
}

/** Puts a table between its marks on the page; a page without them is left alone. */
function put(mark: string, table: string): void {
  if (!existsSync(page)) return;
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- end of ${mark} -->`];
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return;
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}
