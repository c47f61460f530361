import { Command, CommanderError } from 'commander';
import { addBackupCommands } from './cli/backup.ts';
import { addBillingCommands } from './cli/billing.ts';
import { addCreditsCommands } from './cli/credits.ts';
import { addKeysCommands } from './cli/keys.ts';
import { addLedgerCommands } from './cli/ledger.ts';
import { addMigrateCommand } from './cli/migrate.ts';
import { addModelsCommands } from './cli/models.ts';
import { addQueueCommands } from './cli/queue.ts';
import { addUsersCommands } from './cli/users.ts';
import { Refusal } from './cli/run.ts';

// The operator's command. Exit code 0 = done, 1 = refused, 2 = wrong use. Its authority is the machine it runs on; each call is audited.

const program = new Command('pingvas')
  .description(
    'Operates this installation. Uses the database of DATABASE_*_URL, or the embedded one of a product that is running.',
  )
  .exitOverride()
  .showHelpAfterError('(add --help for the options)');

addUsersCommands(program);
addKeysCommands(program);
addCreditsCommands(program);
addBillingCommands(program);
addLedgerCommands(program);
addModelsCommands(program);
addQueueCommands(program);
addMigrateCommand(program);
addBackupCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(error instanceof Refusal ? error.message : error);
    process.exitCode = 1;
  }
}
