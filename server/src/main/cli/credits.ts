import type { Command } from 'commander';
import { toMilli } from '@pingvas/domain';
import { findPersonalWorkspace } from '#features/accounts/index.ts';
import { grantCredits } from '#features/credits/index.ts';
import { newId } from '#platform/new-id.ts';
import { cliCommand, creditsArgument, Refusal } from './run.ts';

/** `credits grant`: a promotional grant that does not expire. */
export function addCreditsCommands(program: Command): void {
  const credits = program.command('credits').description('grant credits');
  const grant = credits
    .command('grant')
    .description('give a user promotional credits')
    .requiredOption('--email <address>', 'the user')
    .requiredOption('--credits <number>', 'how many', creditsArgument)
    .requiredOption('--reason <text>', 'shown to the user in the credit history');
  cliCommand<{ email: string; credits: number; reason: string }>(grant, async ({ admin, accounts }, options) => {
    const found = await findPersonalWorkspace({ authDb: accounts.authDb, admin }, options.email);
    if (!found) throw new Refusal(`No account has the address ${options.email}.`);
    const { workspaceId } = found;
    const grantId = await grantCredits(admin, {
      workspaceId,
      kind: 'promotional',
      amount: toMilli(options.credits),
      reference: `cli:${newId()}`,
      reason: options.reason,
      expiresAt: null,
    });
    return {
      json: { grant_id: grantId, workspace_id: workspaceId, credits: options.credits },
      text: `Granted ${options.credits} credits to ${options.email}.`,
    };
  });
}
