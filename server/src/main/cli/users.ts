import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { type Plan, planOrder } from '@pingvas/domain';
import { createUser } from '#features/accounts/index.ts';
import { cliCommand, creditsArgument, Refusal } from './run.ts';

type Options = {
  email: string;
  password?: string;
  passwordStdin?: boolean;
  plan: Plan;
  credits?: number;
  verified?: boolean;
};

/** `users create`: an account with its personal workspace. */
export function addUsersCommands(program: Command): void {
  const users = program.command('users').description('make accounts');
  const create = users
    .command('create')
    .description('make an account with its personal workspace')
    .requiredOption('--email <address>', 'the address to sign in with')
    .option('--password <text>', 'at least 8 characters')
    .option('--password-stdin', 'read the password from standard input, so that it is in no list of processes')
    .option('--plan <plan>', planOrder.join(', '), planArgument, 'free')
    .option('--credits <number>', 'promotional credits beside those of the plan', creditsArgument)
    .option('--verified', 'the address counts as verified');
  cliCommand<Options>(create, async ({ admin, accounts }, options) => {
    const { plan, credits, verified } = options;
    const password = options.passwordStdin ? readFileSync(0, 'utf8').replace(/\r?\n$/, '') : options.password;
    if (password === undefined) throw new Refusal('Give --password, or --password-stdin.');
    const user = await createUser({ ...accounts, admin }, { email: options.email, password, plan, credits, verified });
    return {
      json: { user_id: user.userId, workspace_id: user.workspaceId, email: user.email },
      text: `Made ${user.email} (user ${user.userId}, workspace ${user.workspaceId}).`,
    };
  });
}

function planArgument(text: string): Plan {
  const plan = planOrder.find((name) => name === text);
  if (!plan) throw new InvalidArgumentError(`One of ${planOrder.join(', ')} is wanted.`);
  return plan;
}
