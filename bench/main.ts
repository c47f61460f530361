import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './harness/bench.ts';
import { describeMachine, describeVersions } from './harness/machine.ts';
import { printResult } from './harness/print.ts';

// `npm run bench -- NAME [--json] [--rounds N] [--size N]`. The exit code is 1 when a must is missed.

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
if (name === undefined || !names.includes(name)) {
  console.error(`npm run bench -- NAME [--json] [--rounds N] [--size N], where NAME is one of: ${names.join(', ')}`);
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
console.log(values.json ? JSON.stringify(result, null, 2) : printResult(result));
process.exit(must.every(({ ok }) => ok) ? 0 : 1);
