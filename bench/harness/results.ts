import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from './bench.ts';

/** What one run of a benchmark found: where, with what, every round, and what had to hold. */
export type KeptResult = Result & {
  name: string;
  machine: Record<string, string | number>;
  versions: Record<string, string>;
  /** As it was called, and when (ISO). */
  command: string;
  at: string;
};

const folder = path.join(import.meta.dirname, '../results');

/** Keeps the last result of a benchmark for the report. */
export function keepResult(result: KeptResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${result.name}.json`), `${JSON.stringify(result)}\n`);
}

/** The kept results by name. */
export function readResults(): KeptResult[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as KeptResult);
}
