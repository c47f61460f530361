import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { PaymentProviderError } from '#adapters/payments/port.ts';
import { syncVariants } from '#features/billing/index.ts';
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
