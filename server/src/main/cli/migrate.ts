import type { Command } from 'commander';
import { migrateDatabase } from '../supervisor/database.ts';
import { cliCommand, Refusal } from './run.ts';

/** `migrate`: brings the schema to this version. */
export function addMigrateCommand(program: Command): void {
  cliCommand(
    program.command('migrate').description('bring the database to this version (safe to repeat)'),
    async ({ ownerUrl }) => {
      if (ownerUrl === null) throw new Refusal('DATABASE_OWNER_URL must be set: only the owner may change the schema.');
      let report: unknown = { migrations: [], functions: [] };
      await migrateDatabase(ownerUrl, { info: (changes: unknown) => (report = changes) });
      return { json: report, text: `Done. ${JSON.stringify(report)}` };
    },
  );
}
