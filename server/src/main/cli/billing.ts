import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { PaymentProviderError } from '#adapters/payments/port.ts';
import { reconcile, replayDeliveries, replayInbox, syncVariants } from '#features/billing/index.ts';
import { systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import { buildPayments } from '../build-payments.ts';
import { keepSecret } from '../supervisor/secrets.ts';
import { cliCommand, Refusal } from './run.ts';

/** `billing sync`: is everything we sell on sale at each provider, at our price? */
export function addBillingCommands(program: Command): void {
  const billing = program.command('billing').description('set up and check the payment providers');
  const sync = billing
    .command('sync')
    .description(
      'find the catalogue at every provider of PAYMENTS and keep its ids; a missing item or another price is refused by name',
    );
  cliCommand(sync, async ({ admin, config }) => {
    const providers = build(config);
    const answers = await Promise.all(
      [...providers.values()].map(async (provider) => {
        const variants = await syncVariants(admin, provider).catch((error: unknown) => {
          throw error instanceof PaymentProviderError ? new Refusal(`${provider.name}: ${error.message}`) : error;
        });
        return { provider: provider.name, variants };
      }),
    );
    const lines = answers.map(({ provider, variants }) => `${provider}: ${JSON.stringify(variants)}`);
    return { json: { data: answers }, text: lines.join('\n') || 'PAYMENTS names no provider.' };
  });
  addReconcileCommands(billing);
}

/** `billing reconcile`, `billing drift`, `billing replay`: what to do when deliveries were lost. */
function addReconcileCommands(billing: Command): void {
  const compare = billing
    .command('reconcile')
    .description('compare with every provider now, as the chore does each hour, and apply what differs');
  cliCommand(compare, async ({ accounts, config }) => {
    const reports: object[] = [];
    await reconcile({ db: accounts.db, payments: build(config), clock: systemClock }, (report) => reports.push(report));
    return { json: { data: reports }, text: reports.map((report) => JSON.stringify(report)).join('\n') };
  });
  const drift = billing
    .command('drift')
    .description('what comparisons found that no delivery had told: each object before and after')
    .option('--since <time>', 'only what was found since, such as 2026-01-31T09:00:00Z', instant, new Date(0));
  cliCommand(drift, async ({ admin }, { since }: { since: Date }) => {
    const rows = await admin.kysely
      .selectFrom('billing_drift')
      .selectAll()
      .where('found_at', '>=', since)
      .orderBy('found_at')
      .execute();
    return { json: { data: rows }, text: rows.map((row) => JSON.stringify(row)).join('\n') || 'No drift was found.' };
  });
  const replay = billing
    .command('replay')
    .description('apply deliveries again; what was applied before changes nothing')
    .option('--since <time>', 'those of the inbox that were received since, such as 2026-01-31T09:00:00Z', instant)
    .option(
      '--file <path>',
      'those of a file, one JSON line each: {provider, headers, body}; each signature is checked',
    );
  cliCommand(replay, async ({ admin, accounts, config }, { since, file }: { since?: Date; file?: string }) => {
    if ((since === undefined) === (file === undefined)) throw new Refusal('Give either --since or --file.');
    const deps = { db: accounts.db, payments: build(config), clock: systemClock };
    const outcomes = since
      ? await replayInbox(deps, admin, since)
      : await replayDeliveries(deps, readFileSync(file ?? '', 'utf8').split('\n'));
    const lines = Object.entries(outcomes).map(([outcome, count]) => `${outcome}: ${count}`);
    return { json: outcomes, text: lines.join('\n') || 'Nothing to replay.' };
  });
}

function instant(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('A time such as 2026-01-31T09:00:00Z is wanted.');
  return time;
}

function build(config: Config): ReturnType<typeof buildPayments> {
  try {
    return buildPayments({ ...config, sandboxPayments: findSandbox(config) });
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

/** The one that a running `npm start` of this data folder keeps, when the settings name none. */
function findSandbox({ dataDir, sandboxPayments }: Config): Config['sandboxPayments'] {
  const portFile = path.join(dataDir, 'sandbox-payments.port');
  if (sandboxPayments.url !== null || !existsSync(portFile)) return sandboxPayments;
  return {
    url: `http://127.0.0.1:${readFileSync(portFile, 'utf8')}`,
    secret: sandboxPayments.secret ?? keepSecret(dataDir, 'sandbox-payments'),
  };
}
