import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type PackChoice, type Problem, useListJobsQuery, useListPlansQuery } from '../../api/api.gen.ts';
import { Button, buttonClass } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { formatCredits, formatUsd } from '../../format.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { useCheckout } from '../../lib/checkout/use-checkout.ts';
import { listed } from '../../api/listed-jobs.ts';

type Facts = { needed?: number; available?: number; held?: number; resets_at?: string | null };

/** A refusal for want of credits: *held* says which jobs hold them and when they end, *empty* what would be enough. */
export function CreditsSheet({ problem, onClose }: { problem: Problem; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { needed = 0, available = 0, held = 0, resets_at: resetsAt } = problem as Facts;
  const credits = (amount: number) => formatCredits(amount, i18n.language);
  const isHeld = problem.code === 'credits_held';
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(isHeld ? 'create.heldTitle' : 'create.emptyTitle')}
      description={t(isHeld ? 'create.heldWhy' : 'create.emptyWhy', {
        needed: credits(needed),
        available: credits(available),
        held: credits(held),
      })}
    >
      {isHeld ? <Holders /> : <Ways missing={needed - available} />}
      {typeof resetsAt === 'string' && (
        <p className="text-sm text-muted">
          {t('create.resets', {
            date: new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long' }).format(new Date(resetsAt)),
          })}
        </p>
      )}
      {isHeld && <Button onClick={onClose}>{t('create.waitForIt')}</Button>}
    </Dialog>
  );
}

/** The jobs that hold credits until they end. */
function Holders() {
  const { t, i18n } = useTranslation();
  const { data } = useListJobsQuery(listed);
  const holders = data?.data.filter(({ held_credits: held, finished_at }) => held > 0 && finished_at === null) ?? [];
  return (
    <ul className="divide-y divide-line">
      {holders.map((job) => (
        <li key={job.job_id} className="flex justify-between gap-4 py-2">
          <span className="truncate">{job.request?.prompt}</span>
          <span className="whitespace-nowrap tabular-nums">
            {t('create.holds', { credits: formatCredits(job.held_credits, i18n.language) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The smallest pack that is enough, bought at once, and the plans. What is written in the composer waits for the return. */
function Ways({ missing }: { missing: number }) {
  const { t, i18n } = useTranslation();
  const { data } = useListPlansQuery();
  const { buy, busy, error } = useCheckout();
  const enough = data?.packs.toSorted((a, b) => a.credits - b.credits).find(({ credits }) => credits >= missing);
  return (
    <div className="grid gap-2">
      {enough && (
        <Button look="primary" disabled={busy} onClick={() => void buy(enough.id as PackChoice['pack'])}>
          {t('create.buyPack', {
            credits: formatCredits(enough.credits, i18n.language),
            price: formatUsd(enough.usd, i18n.language),
          })}
        </Button>
      )}
      {error && <ProblemNote error={error} />}
      <Link href="/billing" className={buttonClass('secondary')}>
        {t('create.seePlans')}
      </Link>
    </div>
  );
}
