import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { toCredits } from '@pingvas/domain';
import { type Verdict, verifyExport } from '#features/credits/index.ts';

/** `ledger verify`: checks an exported ledger. It opens no database and no connection, so anybody may run it on any machine. */
export function addLedgerCommands(program: Command): void {
  const ledger = program.command('ledger').description('check an exported ledger');
  const verify = ledger
    .command('verify')
    .description('check a file of GET /api/v1/credits/export, offline: every entry, the chain, the signature')
    .argument('<file>', 'the export')
    .option('--keys <file>', 'the saved document of /.well-known/pingvas-ledger.json: who signed it')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExit code 0: nothing was altered; 1: something was, and it names the first entry; 2: wrong use.',
    );
  verify.action((file: string, options: { keys?: string; json?: boolean }) => {
    const published = options.keys === undefined ? undefined : parse(read(options.keys, verify));
    const verdict = verifyExport(parse(read(file, verify)), published);
    console.log(options.json ? JSON.stringify(verdict, null, 2) : tell(verdict));
    if (!verdict.ok) process.exitCode = 1;
  });
}

function read(file: string, command: Command): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return command.error(`error: ${file} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}

/** A file that was cut off is no JSON; that is a finding, not a wrong use. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function tell(verdict: Verdict): string {
  if (!verdict.ok) {
    const { code, detail, seq, entry_id } = verdict;
    const what = seq === null ? 'The file' : `Entry ${seq}${entry_id === null ? '' : ` (${entry_id})`}`;
    return `NOT VALID: ${what}: ${detail} [${code}]`;
  }
  const key = verdict.key_published
    ? `signed with the published key ${verdict.key_id}`
    : `signed with the key ${verdict.key_id}, which was not compared with the published ones (--keys)`;
  const days =
    verdict.days_confirmed > 0 ? ` Confirmed by the published list of ${verdict.days_confirmed} day(s).` : '';
  return `Valid: ${verdict.entries} entries of workspace ${verdict.workspace_id}, balance ${toCredits(verdict.balance_milli)} credits, ${key}.${days}`;
}
