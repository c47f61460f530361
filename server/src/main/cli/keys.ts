import type { Command } from 'commander';
import { createKey } from '#features/accounts/index.ts';
import { cliCommand } from './run.ts';

/** `keys create`: an API key of somebody's personal workspace, shown once. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('make API keys');
  const create = keys
    .command('create')
    .description('make an API key in the personal workspace of an account')
    .requiredOption('--email <address>', 'whose')
    .requiredOption('--name <text>', 'what it is for');
  cliCommand<{ email: string; name: string }>(create, async ({ admin, accounts }, options) => {
    const made = await createKey({ ...accounts, admin }, options);
    return { json: made, text: `${made.key}\n\nThis is the only time the key is shown.` };
  });
}
