import { api } from '../../api/api.ts';
import {
  type PackChoice,
  type PaymentPage,
  type ProductChoice,
  useBuyCreditPackMutation,
  useStartCheckoutMutation,
} from '../../api/api.gen.ts';
import { awaitPayment } from './awaited-payment.ts';

/** Leaves for the provider's page, which leads back to billing. Pages are made on the click: they do not live long. */
export function useCheckout() {
  const [startCheckout, plan] = useStartCheckoutMutation();
  const [buyCreditPack, pack] = useBuyCreditPackMutation();
  const [listInvoices] = api.useLazyListInvoicesQuery();
  const leaveFor = async (page: PaymentPage): Promise<void> => {
    const { data } = await listInvoices({ limit: 1 });
    awaitPayment({ newest: data?.data[0]?.invoice_id ?? null });
    location.assign(page.url);
  };
  return {
    subscribe: async (productChoice: ProductChoice): Promise<void> => {
      const { data: page } = await startCheckout({ productChoice });
      if (page) await leaveFor(page);
    },
    buy: async (choice: PackChoice['pack']): Promise<void> => {
      const { data: page } = await buyCreditPack({ packChoice: { pack: choice } });
      if (page) await leaveFor(page);
    },
    /** Also when it worked: the browser is on its way then. */
    busy: plan.isLoading || pack.isLoading || plan.isSuccess || pack.isSuccess,
    error: plan.error ?? pack.error,
  };
}
