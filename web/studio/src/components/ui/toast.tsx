import { DismissableLayer } from 'radix-ui/internal';
import { createContext, type ReactNode, use, useCallback, useEffect, useRef, useState } from 'react';
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

type Shown = ToastMessage & { id: number };

/**
 * Holds the messages; `useToast` works below it. A message is no layer over the page: Escape and the focus belong to the dialog beneath, and a click on it does
 * not close that dialog. F8 goes to the messages.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const region = useRef<HTMLDivElement>(null);
  const [messages, setMessages] = useState<Shown[]>([]);
  const show = useCallback(
    (message: ToastMessage) => setMessages((all) => [...all.slice(-2), { ...message, id: (all.at(-1)?.id ?? 0) + 1 }]),
    [],
  );
  const drop = useCallback((id: number) => setMessages((all) => all.filter((message) => message.id !== id)), []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'F8') region.current?.querySelector('button')?.focus();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <DismissableLayer.Branch
        ref={region}
        role="region"
        aria-label={t('shell.notices')}
        aria-live="polite"
        className="pointer-events-auto fixed inset-x-4 bottom-[calc(4.5rem+env(safe-area-inset-bottom))] z-50 grid gap-2 sm:inset-x-auto sm:left-1/2 sm:w-96 sm:-translate-x-1/2 lg:bottom-6"
      >
        {messages.map((message) => (
          <Toast key={message.id} message={message} onGone={drop} />
        ))}
      </DismissableLayer.Branch>
    </ToastContext>
  );
}

function Toast({ message, onGone }: { message: Shown; onGone: (id: number) => void }) {
  const { id, text, action, durationMs = 4_000 } = message;
  // Somebody who reads it or is about to press its button has all the time.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => onGone(id), durationMs);
    return () => clearTimeout(timer);
  }, [held, id, durationMs, onGone]);
  return (
    <div
      className="appear flex min-h-11 items-center justify-between gap-3 rounded-md bg-text py-1 pr-2 pl-4 text-sm text-bg shadow-raised"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p>{text}</p>
      {action && (
        <button
          type="button"
          className="min-h-9 rounded-sm px-3 font-semibold underline underline-offset-2"
          onClick={() => {
            action.onAct();
            onGone(id);
          }}
        >
          {action.label}
        </button>
      )}
    </div>
  );
}
