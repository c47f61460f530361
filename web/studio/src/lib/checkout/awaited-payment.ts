const kept = 'pingvas.paying';

/** The newest payment that was known when somebody left for the provider's page; null when there was none. */
type Awaited = { newest: string | null };

/** Keeps it for when this tab comes back from the provider's page. */
export const awaitPayment = (awaited: Awaited): void => sessionStorage.setItem(kept, JSON.stringify(awaited));

/** What this tab left for, if it did. */
export function awaitedPayment(): Awaited | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(kept) ?? 'null') as Awaited | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** It has arrived, or nobody waits for it any longer. */
export const forgetPayment = (): void => sessionStorage.removeItem(kept);
