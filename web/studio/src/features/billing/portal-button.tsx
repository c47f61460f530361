import type { ReactNode } from 'react';
import { useOpenBillingPortalMutation } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';

type Props = { look?: 'primary' | 'secondary'; toCard?: boolean; children: ReactNode };

/** Leaves for the provider's page about card, address and documents; `toCard` straight to the card, where there is such a page. */
export function PortalButton({ look = 'secondary', toCard = false, children }: Props) {
  const [open, { isLoading, error }] = useOpenBillingPortalMutation();
  const leave = async () => {
    const { data: portal } = await open({});
    if (portal) location.assign(toCard ? (portal.payment_method_url ?? portal.url) : portal.url);
  };
  return (
    <>
      <Button look={look} disabled={isLoading} onClick={() => void leave()}>
        {children}
      </Button>
      {error && <ProblemNote error={error} />}
    </>
  );
}
