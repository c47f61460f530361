import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { Link } from 'wouter';
import { api } from '../../api/api.ts';
import { useListInvoicesQuery } from '../../api/api.gen.ts';
import { buttonClass } from '../../components/ui/button.tsx';
import { formatCredits } from '../../format.ts';
import { awaitedPayment, forgetPayment } from '../../lib/checkout/awaited-payment.ts';

const newestOnly = { limit: 1 };
const pollMs = 1_500;
/** From then on the page says that it takes long, and asks less often. */
const longMs = 30_000;

/** Back from the provider's page: waits until the payment is known here, says what came, and leads on. */
export function Arrival() {
  const { t, i18n } = useTranslation();
  const dispatch = useDispatch();
  const [awaited] = useState(awaitedPayment);
  const [isLong, setIsLong] = useState(false);
  const { data: invoices } = useListInvoicesQuery(newestOnly, {
    skip: awaited === undefined,
    refetchOnMountOrArgChange: true,
  });
  const newest = invoices?.data[0];
  const hasArrived = newest?.status === 'paid' && newest.invoice_id !== awaited?.newest && newest.credits > 0;
  const isWaiting = awaited !== undefined && !hasArrived;
  useListInvoicesQuery(newestOnly, { skip: !isWaiting, pollingInterval: isLong ? pollMs * 10 : pollMs });
  useEffect(() => {
    if (awaited === undefined || !hasArrived) return;
    forgetPayment();
    dispatch(api.util.invalidateTags(['Me', 'Credits', 'Quote', 'Billing']));
  }, [awaited, hasArrived, dispatch]);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setIsLong(true), longMs);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  // Somebody who came back without paying must not wait for ever at the next visit.
  useEffect(() => {
    if (isLong) forgetPayment();
  }, [isLong]);
  if (awaited === undefined) return null;
  return (
    <div role="status" className="panel flex flex-wrap items-center justify-between gap-3 p-5">
      <p>
        {hasArrived
          ? t('billing.arrived', { credits: formatCredits(newest.credits, i18n.language) })
          : t(isLong ? 'billing.arrivingLong' : 'billing.arriving')}
      </p>
      {hasArrived && (
        <Link href="/create" className={buttonClass('primary')}>
          {t('billing.carryOn')}
        </Link>
      )}
    </div>
  );
}
