import type { Command } from 'commander';
import {
  createJobHints,
  discardDeadLetter,
  drainWorker,
  inspectJob,
  requeueDeadLetter,
} from '#features/generations/index.ts';
import { createLog } from '#platform/log.ts';
import { cliCommand, Refusal } from './run.ts';

const isJobId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** `queue list | inspect | requeue | discard | drain`: what waits, dead letters, workers sent away. */
export function addQueueCommands(program: Command): void {
  const queue = program.command('queue').description('look at the queue, run dead letters again, send workers away');
  cliCommand(
    queue.command('list').description('workers, waiting and running jobs, dead letters of the last week'),
    async ({ admin }) => {
      const [workers, jobs, dead] = await Promise.all([
        admin.pool.query(
          'select worker_id, name, engine, device, loaded_model, draining, seen_at from public.worker order by name',
        ),
        admin.pool.query(
          "select status, model_id, level, count(*)::int as jobs, min(created_at) as oldest from public.generation where status in ('backlogged', 'queued', 'running') group by 1, 2, 3 order by 1, 3 desc",
        ),
        admin.pool.query(
          "select generation_id as job_id, workspace_id, model_id, error_code, finished_at from public.generation where status = 'failed' and discarded_at is null and finished_at > now() - interval '7 days' order by finished_at desc limit 100",
        ),
      ]);
      const json = { workers: workers.rows, jobs: jobs.rows, dead_letters: dead.rows };
      return {
        json,
        text: `${workers.rows.length} workers, ${jobs.rows.reduce((sum: number, row: { jobs: number }) => sum + row.jobs, 0)} jobs, ${dead.rows.length} dead letters\n${JSON.stringify(json, null, 2)}`,
      };
    },
  );
  const requeue = queue
    .command('requeue')
    .description('run a dead letter again, free for its owner')
    .requiredOption('--job <id>', 'the failed job');
  cliCommand<{ job: string }>(requeue, async ({ admin, bus }, options) => {
    if (!isJobId(options.job)) throw new Refusal('That is not the id of a job.');
    const answer = await requeueDeadLetter(admin, options.job);
    if (answer.outcome !== 'requeued') throw new Refusal(`Not requeued: ${answer.outcome.replaceAll('_', ' ')}.`);
    const hints = createJobHints(bus, createLog({ level: 'silent', process: 'pingvas' }));
    hints.queueChanged();
    await hints.flush();
    return {
      json: { job_id: answer.generation_id, workspace_id: answer.workspace_id },
      text: `Runs again as job ${answer.generation_id}.`,
    };
  });
  const inspect = queue
    .command('inspect')
    .description('what became of a job: attempts, errors, worker; never its words or pictures')
    .requiredOption('--job <id>', 'any job');
  cliCommand<{ job: string }>(inspect, async ({ admin }, options) => {
    const job = isJobId(options.job) ? await inspectJob(admin, options.job) : undefined;
    if (!job) throw new Refusal('There is no such job.');
    return { json: job, text: JSON.stringify(job, null, 2) };
  });
  const discard = queue
    .command('discard')
    .description('put a dead letter aside: it is not listed, counted or run again')
    .requiredOption('--job <id>', 'the failed job');
  cliCommand<{ job: string }>(discard, async ({ admin }, options) => {
    const outcome = isJobId(options.job) ? await discardDeadLetter(admin, options.job) : 'not_found';
    if (outcome !== 'discarded') throw new Refusal(`Not discarded: ${outcome.replaceAll('_', ' ')}.`);
    return { json: { job_id: options.job, outcome }, text: 'Put aside.' };
  });
  const drain = queue
    .command('drain')
    .description('let a worker finish its job and take no other')
    .requiredOption('--worker <id>', 'the worker (see queue list)');
  cliCommand<{ worker: string }>(drain, async ({ admin }, options) => {
    if (!isJobId(options.worker) || !(await drainWorker(admin, options.worker)))
      throw new Refusal('No worker has that id.');
    return { json: { worker_id: options.worker, draining: true }, text: 'The worker takes no new job.' };
  });
}
