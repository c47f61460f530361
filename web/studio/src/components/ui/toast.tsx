import { Toast as Radix } from 'radix-ui';
import { createContext, type ReactNode, use, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

export type ToastMessage = {
  text: string;
  /** What can still be done about it, such as taking it back. */
  action?: { label: string; onAct: () => void };
  /** How long it stays; 4 s when missing. */
  durationMs?: number;
};

const ToastContext = createContext<(message: ToastMessage) => void>(() => undefined);

/** Says that something happened, without being in the way: `toast({ text })`. */
export const useToast = () => use(ToastContext);

/** Holds the messages; `useToast` works below it. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [messages, setMessages] = useState<(ToastMessage & { id: number })[]>([]);
  const show = useCallback(
    (message: ToastMessage) => setMessages((all) => [...all.slice(-2), { ...message, id: (all.at(-1)?.id ?? 0) + 1 }]),
    [],
  );
  return (
    <ToastContext value={show}>
      <Radix.Provider label={t('shell.notices')} swipeDirection="down">
        {children}
        {messages.map(({ id, text, action, durationMs = 4_000 }) => (
          <Radix.Root
            key={id}
            duration={durationMs}
            onOpenChange={(open) => !open && setMessages((all) => all.filter((message) => message.id !== id))}
            className="appear flex min-h-11 items-center justify-between gap-3 rounded-md bg-text py-1 pr-2 pl-4 text-sm text-bg shadow-raised"
          >
            <Radix.Description>{text}</Radix.Description>
            {action && (
              <Radix.Action asChild altText={action.label}>
                <button
                  type="button"
                  className="min-h-9 rounded-sm px-3 font-semibold underline underline-offset-2"
                  onClick={action.onAct}
                >
                  {action.label}
                </button>
              </Radix.Action>
            )}
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed inset-x-4 bottom-[calc(4.5rem+env(safe-area-inset-bottom))] z-50 grid gap-2 sm:inset-x-auto sm:left-1/2 sm:w-96 sm:-translate-x-1/2 lg:bottom-6" />
      </Radix.Provider>
    </ToastContext>
  );
}
