/** A guard taken away: each edit replaces a text that occurs exactly once in its file. `tests` are filters of Vitest; one of those tests must turn red. */
export type Mutant = {
  name: string;
  /** The safety test it belongs to, as `docs/reliability.md` numbers them. */
  of: string;
  edits: { file: string; find: string; put: string }[];
  tests: string[];
};

const generations = 'server/src/features/generations';

/** The guards that money, queue and tenants hang on. */
export const mutants: Mutant[] = [
  {
    name: 'credits are not compared with what a submit needs, and no constraint covers what is held',
    of: 'T01',
    edits: [
      {
        file: 'server/functions/submit_generations.sql',
        find: 'and sum(i.ceiling) over whole <= a.available',
        put: '',
      },
      { file: 'server/functions/ledger_hold.sql', find: 'if v_available < p_amount then', put: 'if false then' },
      {
        file: 'server/migrations/0004_ledger.sql',
        find: 'check (balance >= held)',
        put: 'check (balance >= held or true)',
      },
    ],
    tests: [`${generations}/queue.submit.db.test.ts`],
  },
  {
    name: 'a transaction of the ledger has no unique reference',
    of: 'T02',
    edits: [
      {
        file: 'server/migrations/0004_ledger.sql',
        find: 'constraint ledger_transaction_once unique (workspace_id, reference)',
        put: 'constraint ledger_transaction_once unique (workspace_id, reference, transaction_id)',
      },
    ],
    tests: ['server/test/lock-order.db.test.ts'],
  },
  {
    name: 'settlements lock accounts in another order than submits',
    of: 'T03',
    edits: [
      {
        file: 'server/functions/settle_generations.sql',
        find: 'where a.workspace_id = any(v_places) order by a.workspace_id for update',
        put: 'where a.workspace_id = any(v_places) order by a.workspace_id desc for update',
      },
    ],
    tests: ['server/test/lock-order.db.test.ts'],
  },
  {
    name: 'a delivery of a payment provider has no unique key',
    of: 'T04',
    edits: [
      {
        file: 'server/migrations/0100_billing.sql',
        find: 'constraint webhook_event_once unique (provider, delivery_key, body_sha256)',
        put: 'constraint webhook_event_once unique (webhook_event_id, provider)',
      },
    ],
    tests: ['server/src/features/billing/webhooks.db.test.ts', 'server/src/features/billing/billing.db.test.ts'],
  },
  {
    name: 'commits do not wait for the disk',
    of: 'T05',
    edits: [
      {
        file: 'server/test/installation.ts',
        find: "const settings = ['max_connections=200',",
        put: "const settings = ['max_connections=200', 'synchronous_commit=off', 'wal_writer_delay=10s',",
      },
    ],
    tests: ['server/test/database-kills.db.test.ts'],
  },
  {
    name: 'a settlement does not say which attempt it is of',
    of: 'T06',
    edits: [
      {
        file: 'server/functions/settle_generations.sql',
        find: 'where r.generation_id = j.generation_id and r.attempt = j.attempt and r.worker_id = j.worker_id',
        put: 'where r.generation_id = j.generation_id',
      },
      {
        file: 'server/functions/settle_generation.sql',
        find: "where r.generation_id = v_id and r.attempt = (p->>'attempt')::smallint and r.worker_id = (p->>'worker_id')::uuid",
        put: 'where r.generation_id = v_id',
      },
    ],
    tests: [`${generations}/queue.lifecycle.db.test.ts`],
  },
  {
    name: 'the idempotency key is not kept with its effect',
    of: 'T07',
    edits: [
      {
        file: 'server/functions/submit_generations.sql',
        find: "from answer a where a.idempotency->>'key' is not null",
        put: 'from answer a where false',
      },
    ],
    tests: ['server/test/idempotency.db.test.ts', 'server/test/lost-answers.db.test.ts'],
  },
  {
    name: 'the workspace outlives its transaction on the connection',
    of: 'T12',
    edits: [
      {
        file: 'server/src/platform/db/tenant.ts',
        find: "const setScope = \"select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true)\";",
        put: "const setScope = \"select set_config('app.tenant_id', $1, false), set_config('app.user_id', $2, false)\";",
      },
    ],
    tests: ['server/test/pool-leak.db.test.ts'],
  },
  {
    name: 'a lost lease is not looked for',
    of: 'T06',
    edits: [
      {
        file: 'server/functions/sweep_queue.sql',
        find: 'from public.running r where r.lease_until < v_now order by',
        put: 'from public.running r where false order by',
      },
    ],
    tests: [`${generations}/queue.lifecycle.db.test.ts`],
  },
  {
    name: 'among neighbours age decides, not GPU time',
    of: 'scheduler',
    edits: [
      {
        file: 'server/functions/pick_generations.sql',
        find: 'partition by s.neighbours order by s.used_ms, s.age) as place',
        put: 'partition by s.neighbours order by s.age) as place',
      },
    ],
    tests: [`${generations}/queue.claim.db.test.ts`],
  },
  {
    name: 'a job may be passed over for ever',
    of: 'scheduler',
    edits: [
      {
        file: 'server/functions/pick_generations.sql',
        find: 'case when h.bypassed >= 20 then h.generation_id end as alone',
        put: 'null::uuid as alone',
      },
      {
        file: 'server/functions/pick_generations.sql',
        find: 'case when v_bypassed[v_front] + v_added[v_front] >= 20 then v_strict[v_front] else v_best end',
        put: 'v_best',
      },
      {
        file: 'server/functions/claim_score.sql',
        find: '+ case when p_bypassed >= 20 then 1000000000 else 0 end',
        put: '',
      },
    ],
    tests: [`${generations}/queue.claim.db.test.ts`],
  },
];
