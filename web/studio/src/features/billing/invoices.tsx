import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Invoice, useListInvoicesQuery, useOpenInvoiceMutation } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { formatCredits, formatDay, formatMoney } from '../../format.ts';

const stepSize = 20;
const sizeMax = 100;

/** What was paid, newest first, each with the provider's document. */
export function Invoices() {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(stepSize);
  const { data: invoices, error, refetch } = useListInvoicesQuery({ limit }, { refetchOnMountOrArgChange: true });
  const [open, opened] = useOpenInvoiceMutation();
  const show = async (invoiceId: string) => {
    const { data: page } = await open({ invoiceId });
    if (page) location.assign(page.url);
  };
  return (
    <section className="panel p-6" aria-labelledby="invoices-title">
      <h2 id="invoices-title" className="font-semibold">
        {t('billing.invoices')}
      </h2>
      {error && !invoices && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!invoices && !error && <SkeletonList />}
      {invoices?.data.length === 0 && <p className="mt-2 text-muted">{t('billing.noInvoices')}</p>}
      <ul className="mt-2 divide-y divide-line">
        {invoices?.data.map((invoice) => (
          <InvoiceRow key={invoice.invoice_id} invoice={invoice} onOpen={() => void show(invoice.invoice_id)} />
        ))}
      </ul>
      {opened.error && <ProblemNote error={opened.error} />}
      {invoices && invoices.next_cursor !== null && limit < sizeMax && (
        <Button className="mt-2 w-full" onClick={() => setLimit(sizeMax)}>
          {t('billing.more')}
        </Button>
      )}
    </section>
  );
}

function InvoiceRow({ invoice, onOpen }: { invoice: Invoice; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const date = formatDay(invoice.created_at, i18n.language);
  const isPaid = invoice.status === 'paid';
  return (
    <li className="flex items-center gap-x-4 py-2 text-sm tabular-nums">
      <div className="min-w-0 flex-1">
        <p>{t(`billing.reason_${invoice.reason}`)}</p>
        <p className="text-muted">
          <time dateTime={invoice.created_at}>{date}</time>
          {invoice.credits > 0 && ` · ${t('plans.pack', { credits: formatCredits(invoice.credits, i18n.language) })}`}
        </p>
      </div>
      <div className="text-right">
        <p>{formatMoney(invoice.total_cents, invoice.currency, i18n.language)}</p>
        <p className={isPaid ? 'text-muted' : 'text-bad'}>{t(`billing.status_${invoice.status}`)}</p>
      </div>
      <IconButton icon="document" label={t('billing.openDocument', { date })} onClick={onOpen} />
    </li>
  );
}
