import { useTranslation } from 'react-i18next';
import { type Problem, useListJobsQuery, useListPlansQuery } from '../../api/api.gen.ts';
import { Button, buttonClass } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { formatCredits } from '../../format.ts';
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

/** The smallest pack that is enough, and the plans. */
function Ways({ missing }: { missing: number }) {
  const { t, i18n } = useTranslation();
  const { data } = useListPlansQuery();
  const enough = data?.packs.toSorted((a, b) => a.credits - b.credits).find(({ credits }) => credits >= missing);
  return (
    <div className="grid gap-2">
      {enough && (
        <a href={`/billing?pack=${enough.id}`} className={buttonClass('primary')}>
          {t('create.buyPack', {
            credits: formatCredits(enough.credits, i18n.language),
            price: new Intl.NumberFormat(i18n.language, {
              style: 'currency',
              currency: 'USD',
              maximumFractionDigits: 0,
            }).format(enough.usd),
          })}
        </a>
      )}
      <a href="/billing" className={buttonClass('secondary')}>
        {t('create.seePlans')}
      </a>
    </div>
  );
}
