import { plans } from '@pingvas/domain';
import { type Command, InvalidArgumentError } from 'commander';
import { installModel } from '#adapters/engine/invokeai-install.ts';
import { addCatalogueRow, askWorkersToReport, listCatalogue, setEnabled } from '#features/models/index.ts';
import { cliCommand, type CliDeps, Refusal } from './run.ts';

type InstallOptions = {
  id: string;
  source: string;
  name?: string;
  base?: string;
  type: 'main' | 'lora';
  plans?: string[];
  url?: string;
  inplace?: boolean;
  trigger?: string[];
  weight?: number;
};

/** `models list | enable | disable | sync | install`: what can be rendered here. */
export function addModelsCommands(program: Command): void {
  const models = program.command('models').description('what can be rendered: look, switch on and off, install');
  cliCommand(models.command('list').description('models and LoRAs, and which workers have them'), async ({ admin }) =>
    asTable(await listCatalogue(admin)),
  );
  for (const [verb, enabled, what] of [
    ['enable', true, 'offer a model or LoRA'],
    ['disable', false, 'stop offering it; jobs in the queue still run'],
  ] as const) {
    const command = models
      .command(verb)
      .description(what)
      .requiredOption('--id <id>', 'see models list')
      .option('--plans <list>', `who may use it, of ${Object.keys(plans).join(', ')}; all = everybody`, plansArgument);
    cliCommand<{ id: string; plans?: string[] }>(command, async ({ admin }, options) => {
      if (!(await setEnabled(admin, options.id, enabled, options.plans)))
        throw new Refusal('The catalogue has nothing of that id.');
      return { json: { id: options.id, enabled }, text: `${options.id} is ${enabled ? 'offered' : 'not offered'}.` };
    });
  }
  cliCommand(models.command('sync').description('let every living worker say again what it has'), async (deps) =>
    asTable(await report(deps)),
  );
  const install = models
    .command('install')
    .description('install a model on an InvokeAI server and put it into the catalogue; once for every server')
    .requiredOption('--id <id>', 'its id in the catalogue, and its key on the server', idArgument)
    .requiredOption('--source <source>', 'a path on the server, a URL, or owner/repository of Hugging Face')
    .option('--name <text>', 'what people see')
    .option('--base <base>', 'sd-1, sdxl, flux, …; as the server finds it when missing')
    .option('--type <type>', 'main or lora', typeArgument, 'main')
    .option('--trigger <words...>', 'words of a prompt that call a LoRA up')
    .option('--weight <number>', 'default weight of a LoRA', Number)
    .option('--plans <list>', 'who may use it; everybody when missing', plansArgument)
    .option('--inplace', 'leave the file where it is; without it a local file is moved')
    .option(
      '--url <address>',
      'the server; INVOKEAI_URL when missing, else the one a worker of this machine supervises',
    );
  cliCommand<InstallOptions>(install, async (deps, options) => {
    const url = options.url ?? deps.config.invokeai.url ?? `http://127.0.0.1:${deps.config.invokeai.port}`;
    const installed = await installModel(url, {
      key: options.id,
      name: options.name ?? options.id,
      source: options.source,
      inplace: options.inplace ?? false,
    }).catch((error: unknown) => {
      throw new Refusal(`Not installed: ${(error as Error).message}`);
    });
    if (installed.type !== options.type || (options.base !== undefined && installed.base !== options.base))
      throw new Refusal(
        `The server found a ${installed.type} of base ${installed.base}, which is not what was asked for; the catalogue is unchanged.`,
      );
    const row = {
      id: options.id,
      engine: 'invokeai',
      name: options.name ?? options.id,
      base: installed.base,
      source: options.source,
      plans: options.plans ?? null,
    };
    await addCatalogueRow(
      deps.admin,
      options.type === 'lora'
        ? { ...row, type: 'lora', triggerWords: options.trigger ?? [], weight: options.weight ?? 0.75 }
        : { ...row, type: 'main' },
    );
    return asTable(await report(deps));
  });
}

/** Workers register again and the catalogue follows. One that does not answer in time is left out of what is waited for. */
async function report({ admin, bus }: CliDeps): Promise<Awaited<ReturnType<typeof listCatalogue>>> {
  await askWorkersToReport(admin, bus, 15_000);
  return listCatalogue(admin);
}

function asTable(rows: Awaited<ReturnType<typeof listCatalogue>>): { json: unknown; text: string } {
  const line = (cells: string[]): string =>
    cells.map((cell, at) => cell.padEnd([24, 6, 10, 12, 12][at] ?? 0)).join(' ');
  return {
    json: { data: rows },
    text: [
      line(['ID', 'TYPE', 'ENGINE', 'BASE', 'STATE', 'WORKERS']),
      ...rows.map((row) =>
        line([row.id, row.type, row.engine, row.base, stateOf(row), row.workers.join(', ') || (row.source ?? '')]),
      ),
    ].join('\n'),
  };
}

const stateOf = ({ enabled, workers }: { enabled: boolean; workers: string[] }): string =>
  !enabled ? 'disabled' : workers.length > 0 ? 'available' : 'unavailable';

function plansArgument(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (text === 'all') return Object.keys(plans);
  const unknown = names.filter((name) => !(name in plans));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no plan ${unknown.join(', ')}.`);
  return names;
}

function idArgument(text: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(text)) throw new InvalidArgumentError('Use a-z, 0-9, dot, dash, underscore.');
  return text;
}

function typeArgument(text: string): string {
  if (text !== 'main' && text !== 'lora') throw new InvalidArgumentError('Use main or lora.');
  return text;
}
