import path from 'node:path';
import { type Command } from 'commander';
import { BackupError, createBackup, restoreBackup } from '#features/backup/index.ts';
import { ownerRole, socketUrl, startEmbeddedPostgres } from '#platform/db/embedded.ts';
import { buildStorage } from '../build-storage.ts';
import { createDatabase } from '../supervisor/database.ts';
import { lockDataDir, prepareDataDir, StartError } from '../supervisor/preflight.ts';
import { version } from '../version.ts';
import { type CliDeps, cliCommand, Refusal } from './run.ts';

/** `backup create | restore`: one archive of the database and the objects behind it. */
export function addBackupCommands(program: Command): void {
  const backup = program.command('backup').description('archive this installation, or put an archive back');
  const create = backup
    .command('create')
    .description('archive database and objects as of one instant; the product goes on running')
    .requiredOption('--out <file>', 'the archive to write (.tar.zst)')
    .option(
      '--with-secrets',
      'also the keys of DATA_DIR/secrets: sessions and signatures go on, and whoever has the file has them',
    );
  cliCommand<{ out: string; withSecrets?: boolean }>(create, async (deps, options) => {
    const ownerUrl = requireOwner(deps);
    const secretsDir = options.withSecrets ? secretsOf(deps) : null;
    const report = await refusing(
      createBackup(
        { ownerUrl, storage: buildStorage(deps.config.storage), version },
        { file: options.out, secretsDir },
      ),
    );
    const size = `${(report.size_bytes / 1_048_576).toFixed(1)} MiB`;
    return {
      json: report,
      text: `Wrote ${report.file} (${size}): ${report.rows} rows, ${report.chores} waiting chores, ${report.objects} objects, ${report.secrets} secrets.${losses(report)}`,
    };
  });

  const restore = backup
    .command('restore')
    .description('put an archive into an empty database and the storage (stop the product first)')
    .argument('<file>', 'the archive');
  cliCommand(restore, async (deps) => {
    const file = restore.args[0] ?? '';
    if (deps.config.database === null) await startOwnDatabase(deps);
    const report = await refusing(
      restoreBackup(
        { ownerUrl: requireOwner(deps), storage: buildStorage(deps.config.storage) },
        { file, secretsDir: secretsOf(deps) },
      ),
    );
    return {
      json: report,
      text: `Restored ${file} of ${report.created_at}: ${report.rows} rows, ${report.chores} waiting chores, ${report.objects} objects, ${report.secrets} secrets.${losses(report)}`,
    };
  });
}

function requireOwner({ ownerUrl }: CliDeps): string {
  if (ownerUrl === null)
    throw new Refusal('DATABASE_OWNER_URL must be set: only the owner may read and write all tables.');
  return ownerUrl;
}

const secretsOf = ({ config }: CliDeps): string => path.join(config.dataDir, 'secrets');

/** The embedded server, without the product around it: a product that runs would fill the database before the archive does. */
async function startOwnDatabase({ config, atEnd }: CliDeps): Promise<void> {
  try {
    prepareDataDir(config.dataDir);
    atEnd(lockDataDir(config.dataDir));
  } catch (error) {
    throw error instanceof StartError ? new Refusal(error.message) : error;
  }
  const server = await startEmbeddedPostgres({ dataDir: path.join(config.dataDir, 'postgres') });
  atEnd(server.stop);
  await createDatabase(socketUrl(server.socketDir, ownerRole, 'postgres'));
}

/** What the operator can put right is said in a line: what the backup refuses, and files that cannot be opened. */
async function refusing<Answer>(work: Promise<Answer>): Promise<Answer> {
  return work.catch((error: unknown) => {
    const aboutFile = typeof (error as { path?: unknown }).path === 'string';
    throw error instanceof BackupError || aboutFile ? new Refusal((error as Error).message) : error;
  });
}

function losses({ missing, damaged }: { missing: string[]; damaged: string[] }): string {
  const lines = [
    ...missing.map((key) => `  missing: ${key}`),
    ...damaged.map((key) => `  not the bytes that were stored: ${key}`),
  ];
  return lines.length === 0 ? '' : `\nPictures that were not whole when the archive was made:\n${lines.join('\n')}`;
}
