import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useListCreditTransactionsQuery } from '../../api/api.gen.ts';
import type { CreditEntry } from '../../api/api.gen.ts';
import { EmptyState } from '../../components/states/empty-state.tsx';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { formatCredits, formatMoment } from '../../format.ts';
import { LedgerExport } from './ledger-export.tsx';
import { UsageFrame } from './usage-frame.tsx';

/** Every credit that came or went, newest first; the whole ledger to take away. */
export function TransactionsPage() {
  const { t } = useTranslation();
  // The first page has no cursor; each page knows the next one's.
  const [cursors, setCursors] = useState<(string | undefined)[]>([undefined]);
  return (
    <UsageFrame>
      <div className="panel overflow-x-auto p-0">
        <table className="w-full text-left text-sm tabular-nums">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="px-4 py-3 font-medium" scope="col">
                {t('usage.when')}
              </th>
              <th className="px-4 py-3 font-medium" scope="col">
                {t('usage.what')}
              </th>
              <th className="px-4 py-3 text-right font-medium" scope="col">
                {t('usage.amount')}
              </th>
              <th className="hidden px-4 py-3 text-right font-medium sm:table-cell" scope="col">
                {t('usage.balance')}
              </th>
            </tr>
          </thead>
          {cursors.map((cursor, at) => (
            <EntryPage
              key={cursor ?? 'first'}
              cursor={cursor}
              isLast={at === cursors.length - 1}
              onMore={(next) => setCursors([...cursors, next])}
            />
          ))}
        </table>
      </div>
      <LedgerExport />
    </UsageFrame>
  );
}

type PageProps = { cursor: string | undefined; isLast: boolean; onMore: (next: string) => void };

function EntryPage({ cursor, isLast, onMore }: PageProps) {
  const { t } = useTranslation();
  const {
    data: page,
    error,
    refetch,
  } = useListCreditTransactionsQuery(
    { limit: 50, ...(cursor !== undefined && { cursor }) },
    { refetchOnMountOrArgChange: true },
  );
  const note = error ? (
    <ProblemNote error={error} onRetry={() => void refetch()} />
  ) : !page ? (
    <SkeletonList lines={6} className="h-6" />
  ) : page.data.length === 0 ? (
    <EmptyState title={t('usage.noTransactions')} hint={t('usage.noTransactionsHint')} />
  ) : isLast && page.next_cursor !== null ? (
    <Button className="w-full" onClick={() => page.next_cursor !== null && onMore(page.next_cursor)}>
      {t('usage.more')}
    </Button>
  ) : null;
  return (
    <tbody className="divide-y divide-line">
      {page?.data.map((entry) => (
        <EntryRow key={entry.entry_id} entry={entry} />
      ))}
      {note && (
        <tr>
          <td colSpan={4} className="p-4">
            {note}
          </td>
        </tr>
      )}
    </tbody>
  );
}

function EntryRow({ entry }: { entry: CreditEntry }) {
  const { t, i18n } = useTranslation();
  return (
    <tr>
      <td className="px-4 py-3 whitespace-nowrap text-muted">
        <time dateTime={entry.created_at}>{formatMoment(entry.created_at, i18n.language)}</time>
      </td>
      <td className="px-4 py-3">{t(`usage.entry_${entry.kind}`)}</td>
      <td className={`px-4 py-3 text-right whitespace-nowrap ${entry.credits > 0 ? 'text-good' : ''}`}>
        {entry.credits > 0 ? '+' : ''}
        {formatCredits(entry.credits, i18n.language, true)}
      </td>
      <td className="hidden px-4 py-3 text-right text-muted sm:table-cell">
        {formatCredits(entry.balance_after, i18n.language, true)}
      </td>
    </tr>
  );
}
