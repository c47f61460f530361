import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { aModel, aWorkspace } from '../../server/test/factories.ts';
import { anInstallation } from '../../server/test/installation.ts';
import { brokenQueueRules } from '../../server/test/queue-invariants.ts';
import { hasRedis, startRedis } from '../../server/test/redis.ts';
import type { QueueSubject, Site } from './queue.ts';

/** Settings of the database for every subject: it keeps its promises, and has the memory of a small server. */
export const serverSettings = ['shared_buffers=1GB', 'max_wal_size=4GB', 'jit=off'];

export type QueueSite = {
  /** Subjects that can run here, with what reaches them. */
  reach: Map<string, string>;
  notes: string[];
  /** Throws when a sum of the ledger or a counter of the queue is wrong, or a job did not end as paid. Returns what was checked, in words. */
  checkLedger: (jobs: number) => Promise<string>;
  close: () => Promise<void>;
};

/** One PostgreSQL for ours and the peers (a database each), and a durable Redis where one is installed. */
export async function openQueueSite(subjects: string[], tenants: number): Promise<QueueSite> {
  const installation = await anInstallation({ settings: serverSettings });
  const { db } = installation;
  await db.owner.pool.query('create database peers');
  const aofFolder = path.join(installation.folder, 'redis');
  mkdirSync(aofFolder);
  const redis = (await hasRedis()) ? await startRedis({ aofFolder }) : undefined;
  const workspaces: Site['workspaces'] = [];
  for (let n = 0; n < tenants; n++) {
    const { workspaceId, userId } = await aWorkspace(db, { plan: 'studio', credits: 1_000_000_000 });
    workspaces.push({ workspaceId, userId, plan: 'studio' });
  }
  const site: Site = {
    peersUrl: db.url('pingvas_owner').replace(/\/pingvas\?/, '/peers?'),
    redisUrl: redis?.url,
    productUrl: db.url,
    workspaces,
    model: await aModel(db),
  };
  const reach = new Map<string, string>();
  const notes: string[] = [];
  for (const subject of subjects) {
    if (subject === 'bullmq' && !redis) {
      notes.push('BullMQ was not measured: redis-server is not installed here.');
      continue;
    }
    const { queue } = (await import(`../queues/${subject}.ts`)) as { queue: QueueSubject };
    reach.set(subject, await queue.prepare(site));
  }
  const ids = workspaces.map(({ workspaceId }) => workspaceId);
  return {
    reach,
    notes,
    checkLedger: async (jobs) => {
      // All rules for some workspaces, the sums for all.
      const broken = await brokenQueueRules(db, ids.slice(0, 50));
      const { rows } = await db.owner.pool.query<{ sum: number; wrong: number; paid: number; captured: number }>(
        `select (select coalesce(sum(amount), 0) from ledger_entry)::bigint as sum,
           (select count(*) from credit_account a left join (
               select workspace_id, sum(amount) as balance from ledger_entry where account = 'workspace' group by 1) e using (workspace_id)
             where a.balance <> coalesce(e.balance, 0) or a.held <> 0 or a.active_jobs <> 0 or a.backlogged_jobs <> 0) as wrong,
           (select count(*) from generation where status = 'succeeded' and charged = 1234) as paid,
           (select coalesce(-sum(amount), 0) from ledger_entry e join ledger_transaction t using (transaction_id)
             where t.kind = 'capture' and e.account = 'workspace')::bigint as captured`,
      );
      const { sum, wrong, paid, captured } = rows[0] ?? { sum: -1, wrong: -1, paid: -1, captured: -1 };
      if (broken.length > 0 || sum !== 0 || wrong !== 0 || paid !== jobs || captured !== jobs * 1_234)
        throw new Error(`The books are wrong: ${JSON.stringify({ broken, sum, wrong, paid, captured, jobs })}`);
      return `The books were checked after the last round: ${jobs} jobs succeeded, each charged once, all entries sum to zero, no hold is left.`;
    },
    close: async () => {
      await redis?.stop();
      await installation.close();
    },
  };
}
