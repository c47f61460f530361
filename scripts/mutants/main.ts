import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { keepMutants, type MutantFound } from '../reliability.ts';
import { type Mutant, mutants } from './mutants.ts';

// `npm run test:mutants [-- WORD]`: takes one guard after another out of a copy of this repository and shows that its test turns red. Fails when a
// mutant survives, when an edit no longer fits, or when the tests are red without one. What was found goes into `docs/reliability.md`.

const root = path.join(import.meta.dirname, '../..');
const copy = mkdtempSync(path.join(os.tmpdir(), 'pingvas-mutants-'));
const wanted = mutants.filter(
  ({ name, of }) => process.argv[2] === undefined || `${of} ${name}`.includes(process.argv[2]),
);
const found: MutantFound[] = [];
try {
  copyRepository();
  const tests = [...new Set(wanted.flatMap((mutant) => mutant.tests))];
  console.log(`Without a mutant: ${tests.length} files of tests …`);
  const control = runTests(tests);
  if (!control.green) throw new Error(`The tests are red without a mutant:\n${control.output.slice(-4_000)}`);
  for (const mutant of wanted) {
    const startMs = performance.now();
    const undo = apply(mutant);
    const { green } = runTests(mutant.tests);
    undo();
    const one: MutantFound = {
      name: mutant.name,
      of: mutant.of,
      verdict: green ? 'survived' : 'killed',
      seconds: Math.round((performance.now() - startMs) / 1_000),
    };
    found.push(one);
    console.log(`${one.verdict.padEnd(8)} ${one.of.padEnd(9)} ${one.name} (${one.seconds} s)`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
if (process.argv[2] === undefined) keepMutants(found);
const survivors = found.filter(({ verdict }) => verdict === 'survived').length;
console.log(`${found.length - survivors} killed, ${survivors} survived`);
process.exit(survivors === 0 && found.length > 0 ? 0 : 1);

/** All files that git knows or would know; packages are shared by links. */
function copyRepository(): void {
  const files = execFileSync('git', ['-C', root, 'ls-files', '-co', '--exclude-standard', '-z'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(path.join(root, name)))) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(copy, file));
  }
  for (const folder of ['.', 'web/studio'])
    if (existsSync(path.join(root, folder, 'node_modules')))
      symlinkSync(path.join(root, folder, 'node_modules'), path.join(copy, folder, 'node_modules'));
}

function apply({ name, edits }: Mutant): () => void {
  const before = new Map<string, string>();
  for (const { file, find, put } of edits) {
    const at = path.join(copy, file);
    const text = readFileSync(at, 'utf8');
    if (!before.has(at)) before.set(at, text);
    if (text.split(find).length !== 2) throw new Error(`'${name}': '${find}' must occur once in ${file}`);
    writeFileSync(
      at,
      text.replace(find, () => put),
    );
  }
  return () => {
    for (const [at, text] of before) writeFileSync(at, text);
  };
}

function runTests(filters: string[]): { green: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'db', '--bail', '1', ...filters],
    { cwd: copy, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  return { green: status === 0, output: stdout + stderr };
}
