import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './harness/bench.ts';
import { describeMachine, describeVersions } from './harness/machine.ts';
import { printResult } from './harness/print.ts';
import { writeReport } from './harness/report.ts';
import { keepResult } from './harness/results.ts';

// `npm run bench -- NAME [--json] [--rounds N] [--size N]`. The exit code is 1 when a must is missed. `report` writes the page of all results.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    size: { type: 'string' },
  },
});
const folder = path.join(import.meta.dirname, 'benches');
const names = readdirSync(folder).map((file) => path.basename(file, '.ts'));
const name = positionals[0];
if (name === 'report') {
  console.log(`Written: ${await writeReport()}`);
  process.exit(0);
}
if (name === undefined || !names.includes(name)) {
  console.error(
    `npm run bench -- NAME [--json] [--rounds N] [--size N], where NAME is one of: ${names.join(', ')}; or \`npm run bench -- report\``,
  );
  process.exit(2);
}
const { bench } = (await import(path.join(folder, `${name}.ts`))) as { bench: Bench };
const say = (line: string): void => void process.stderr.write(`${line}\n`);
say(`${name}: ${bench.summary}`);
const machine = describeMachine();
const { rows, must, notes } = await bench.run({
  rounds: Number(values.rounds),
  size: values.size === undefined ? undefined : Number(values.size),
  say,
});
const result = { name, machine, versions: describeVersions(), rows, must, notes };
const command = ['npm run bench --', ...process.argv.slice(2).filter((word) => word !== '--json')].join(' ');
keepResult({ ...result, command, at: new Date().toISOString().slice(0, 16) + 'Z' });
console.log(values.json ? JSON.stringify(result, null, 2) : printResult(result));
process.exit(must.every(({ ok }) => ok) ? 0 : 1);
