-- What was promised at the hold counts at its end: a job submitted without limit is settled without limit, also after a change of plan.
alter table public.credit_hold add column unlimited boolean not null default false;

-- The hold a capture ended: a refund asks it in which period the usage counted.
alter table public.ledger_transaction add column hold_id uuid references public.credit_hold;

-- Receipts and refunds look up what one generation cost.
create index ledger_transaction_by_generation on public.ledger_transaction (workspace_id, generation_id) where generation_id is not null;

-- `remaining` in the index's condition made every capture write all indexes of the grant anew. A workspace has a few grants a month; only the
-- contract grants are many (one per job), never have anything left, and never change their kind.
drop index public.credit_grant_burn_order;
create index credit_grant_burn_order on public.credit_grant (workspace_id, priority, expires_at, created_at, grant_id) where kind <> 'contract';

-- A workspace keeps its claim on the Free credits of its owner's address from period to period.
create index free_credit_claim_by_workspace on public.free_credit_claim (claimed_by);
