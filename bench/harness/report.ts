import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench, Must } from './bench.ts';
import { drawBars } from './draw-bars.ts';
import { type KeptResult, readResults } from './results.ts';
import { medianOf, round2 } from './statistics.ts';

const docs = path.join(import.meta.dirname, '../../docs');
const benches = path.join(import.meta.dirname, '../benches');

/** The figure of a benchmark that is drawn; without a word here, its first one. */
const drawn: Record<string, string> = { pickup: 'p99_ms', claim: 'p99_ms', load: 'p95_ms', scale: 'claim_ms' };

/** The order of the page: the paid job first. */
const order = ['paid-job', 'pickup', 'submit', 'claim', 'list', 'scale', 'load', 'overhead', 'start', 'thumbnails'];
const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);

/** `npm run bench -- report`: writes `docs/performance.md` and its plots from the kept results. */
export async function writeReport(): Promise<string> {
  const results = readResults().sort((a, b) => place(a.name) - place(b.name));
  mkdirSync(path.join(docs, 'images'), { recursive: true });
  const sections: string[] = [];
  for (const result of results) sections.push(await sectionOf(result));
  const missed = results.flatMap(({ name, must }) => must.filter(({ ok }) => !ok).map((one) => ({ name, ...one })));
  const head = [
    '# Performance',
    '',
    'Made by `npm run bench -- report` from the last result of every benchmark (`bench/results`). A figure is the median of its rounds with the least and the',
    'greatest; subjects take turns, so that whatever else the machine does meets all of them. Compare figures of one table only. Every benchmark drives the',
    'functions and processes of production on a schema migrated as in production, with durable commits.',
    '',
    '## What must hold',
    '',
    '| benchmark | what | value | bound | |',
    '| --- | --- | ---: | ---: | --- |',
    ...results.flatMap(({ name, must }) => must.map((one) => mustRow(name, one))),
    '',
    missed.length === 0
      ? 'All of it holds.'
      : `${missed.length} of ${results.reduce((sum, { must }) => sum + must.length, 0)} do not hold on this machine.`,
    '',
  ];
  const file = path.join(docs, 'performance.md');
  writeFileSync(file, `${[...head, ...sections].join('\n').trimEnd()}\n`);
  return path.relative(process.cwd(), file);
}

const mustRow = (name: string, { what, value, bound, ok }: Must): string =>
  `| [${name}](#${name}) | ${what} | ${round2(value)} | ${bound} | ${ok ? 'holds' : '**missed**'} |`;

async function sectionOf({ name, rows, notes, machine, versions, command, at }: KeptResult): Promise<string> {
  const { bench } = (await import(path.join(benches, `${name}.ts`))) as { bench: Bench };
  const figures = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (figure) => figure !== 'round' && figure !== 'subject',
  );
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  const figure = drawn[name] ?? figures[0] ?? '';
  writeFileSync(path.join(docs, 'images', `bench-${name}.svg`), drawBars(rows, figure));
  const cell = (subject: string, of: string): string => {
    const values = rows.filter((row) => row.subject === subject && row[of] !== undefined).map((row) => Number(row[of]));
    if (values.length === 0) return '';
    const middle = round2(medianOf(rows, subject, of));
    return values.length === 1
      ? `${middle}`
      : `${middle} (${round2(Math.min(...values))}–${round2(Math.max(...values))})`;
  };
  const facts = (of: Record<string, string | number>): string =>
    Object.entries(of)
      .map(([key, value]) => `${key.replaceAll('_', ' ')} ${value}`)
      .join(', ');
  return [
    `## ${name}`,
    '',
    `${bench.summary[0]?.toUpperCase() ?? ''}${bench.summary.slice(1)}.`,
    '',
    `![${figure} by subject](images/bench-${name}.svg)`,
    '',
    `| | ${figures.map((each) => each.replaceAll('_', ' ')).join(' | ')} |`,
    `| --- |${figures.map(() => ' ---: |').join('')}`,
    ...subjects.map((subject) => `| ${subject} | ${figures.map((each) => cell(subject, each)).join(' | ')} |`),
    '',
    ...notes.map((note) => `- ${note}`),
    `- \`${command}\` at ${at}; ${facts(machine)} at the start; ${facts(versions)}.`,
    '',
  ].join('\n');
}
