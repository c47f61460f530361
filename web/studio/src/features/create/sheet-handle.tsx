import { useTranslation } from 'react-i18next';

/** The grip of the sheet on phones: unfolds what can be chosen beside the words. */
export function SheetHandle({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-controls="composer-choices"
      className="sticky top-0 z-10 -mx-4 flex min-h-11 flex-col items-center justify-center gap-1.5 rounded-t-lg bg-surface text-xs text-muted lg:hidden"
      onClick={onToggle}
    >
      <span className="h-1 w-10 rounded-full bg-line" />
      {t(open ? 'create.fewer' : 'create.choices')}
    </button>
  );
}
