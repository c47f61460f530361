import { type Command, InvalidArgumentError } from 'commander';
import os from 'node:os';
import type { AccountsDeps } from '#features/accounts/index.ts';
import { createAccounts } from '#features/accounts/index.ts';
import { AppError } from '#platform/errors.ts';
import { type Config, ConfigError, loadEnvironment, readConfig } from '#platform/config.ts';
import { createDatabase, type Database } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { socketDirOf } from '#platform/db/embedded.ts';
import type { HintBus } from '#platform/hints/port.ts';
import { createLog } from '#platform/log.ts';
import { buildHints } from '../build-hints.ts';
import { embeddedUrls } from '../supervisor/database.ts';
import { keepSecret } from '../supervisor/secrets.ts';

/** The command was understood and cannot be carried out; the message says why and what to do. */
export class Refusal extends Error {}

/** What a command may use: the operator's login, and the accounts over the app's and the auth login. */
export type CliDeps = {
  admin: Database;
  accounts: AccountsDeps;
  /** Tells the product's processes what changed. */
  bus: HintBus;
  /** Null: the owner's login is not at hand, so the schema stays as it is. */
  ownerUrl: string | null;
  config: Config;
  /** Runs a step when the command is over and its connections are closed, whatever happened. */
  atEnd: (step: () => Promise<void> | void) => void;
};

/** A command's answer: `json` for machines, `text` for people. */
export type CliAnswer = { json: unknown; text: string };

/** Adds `--json` and runs the action with open connections, which are closed whatever happens. The call is written to the audit log. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- commander types options as a record; each command says here what its own are
export function cliCommand<Options extends object>(
  command: Command,
  action: (deps: CliDeps, options: Options) => Promise<CliAnswer>,
): Command {
  return command.option('--json', 'print one JSON document').action(async () => {
    const options = command.opts<Options & { json?: boolean }>();
    const { deps, close } = openDeps();
    try {
      const answer = await action(deps, options);
      await audit(deps.admin, command, options);
      console.log(options.json ? JSON.stringify(answer.json, null, 2) : answer.text);
    } catch (error) {
      throw readable(error);
    } finally {
      await close();
    }
  });
}

function openDeps(): { deps: CliDeps; close: () => Promise<void> } {
  let config;
  try {
    config = readConfig(loadEnvironment());
  } catch (error) {
    throw error instanceof ConfigError ? new Refusal(error.message) : error;
  }
  const urls = config.database ?? embeddedUrls(socketDirOf(`${config.dataDir}/postgres`));
  if (urls.admin === null || urls.auth === null)
    throw new Refusal('DATABASE_ADMIN_URL and DATABASE_AUTH_URL must be set.');
  const log = createLog({ level: 'silent', process: 'pingvas' });
  const open = (role: string, connectionString: string): Database =>
    createDatabase(openPool({ connectionString, max: 2, name: `pingvas ${role}`, log, queryTimeoutMs: 600_000 }));
  const admin = open('admin', urls.admin);
  const app = open('app', urls.app);
  const authDb = open('auth', urls.auth);
  const secret = config.authSecret ?? keepSecret(config.dataDir, 'auth');
  const accounts = createAccounts({ db: app, authDb, publicUrl: config.publicUrl, secret, log });
  const bus = buildHints(config, { db: admin, connectionString: urls.admin, log });
  const steps: (() => Promise<void> | void)[] = [];
  const atEnd: CliDeps['atEnd'] = (step) => steps.unshift(step);
  return {
    deps: { admin, accounts, bus, ownerUrl: urls.owner, config, atEnd },
    close: async () => {
      await bus.close();
      await Promise.all([admin, app, authDb].map((database) => database.pool.end()));
      for (const step of steps) await step();
    },
  };
}

/** Secrets and passwords are never part of the audit. */
async function audit(admin: Database, command: Command, options: object): Promise<void> {
  const told = Object.fromEntries(Object.entries(options).filter(([name]) => !/password|json/i.test(name)));
  await admin.pool.query('insert into public.audit_entry (actor, action, details) values ($1, $2, $3)', [
    `cli:${os.userInfo().username}`,
    `${command.parent?.name() ?? ''} ${command.name()}`.trim(),
    JSON.stringify(told),
  ]);
}

function readable(error: unknown): unknown {
  if (error instanceof AppError)
    return new Refusal(
      `Refused: ${error.code}${Object.keys(error.facts).length > 0 ? ` ${JSON.stringify(error.facts)}` : ''}`,
    );
  const { code } = error as { code?: string };
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return new Refusal('The database does not answer. Start the product first (npm start), or set DATABASE_*_URL.');
  return error;
}

/** A positive amount of credits, at most three places. */
export function creditsArgument(text: string): number {
  const credits = Number(text);
  if (!/^\d+(\.\d{1,3})?$/.test(text) || credits <= 0)
    throw new InvalidArgumentError('A positive number with at most three places is wanted.');
  return credits;
}
