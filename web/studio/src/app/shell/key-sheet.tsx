import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/ui/dialog.tsx';

/** Keys of the whole studio; a screen's own keys are listed here too. */
const keys = [
  { keys: ['⌘', 'Ctrl', 'Enter'], does: 'shell.key_generate' },
  { keys: ['/'], does: 'shell.key_focus' },
  { keys: ['C'], does: 'shell.key_create' },
  { keys: ['G'], does: 'shell.key_gallery' },
  { keys: ['U'], does: 'shell.key_usage' },
  { keys: ['B'], does: 'shell.key_billing' },
  { keys: ['J', 'K'], does: 'shell.key_walk' },
  { keys: ['Space'], does: 'shell.key_open' },
  { keys: ['X'], does: 'shell.key_select' },
  { keys: ['D'], does: 'shell.key_download' },
  { keys: ['R'], does: 'shell.key_reuse' },
  { keys: ['V'], does: 'shell.key_variations' },
  { keys: ['Del'], does: 'shell.key_delete' },
  { keys: ['?'], does: 'shell.key_sheet' },
] as const;

/** What the keyboard can do. */
export function KeySheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('shell.keys')}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2">
        {keys.map((entry) => (
          <div key={entry.does} className="contents">
            <dt className="flex gap-1">
              {entry.keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-sm border border-line bg-surface px-1.5 py-0.5 text-center font-sans text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{t(entry.does)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
