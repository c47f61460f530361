import { useTranslation } from 'react-i18next';
import type { Shown } from '../../api/gallery.ts';

/** The name of the screen, and which pictures it shows in which order. */
export function GalleryHead({ shown, onChange }: { shown: Shown; onChange: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const tab = (trash: boolean, name: string) => (
    <button
      type="button"
      aria-pressed={shown.trash === trash}
      className={`min-h-11 rounded-md px-3 text-sm font-medium ${shown.trash === trash ? 'bg-hover' : 'text-muted hover:text-text'}`}
      onClick={() => onChange({ ...shown, trash })}
    >
      {name}
    </button>
  );
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-2">
      <h1 className="mr-2 text-xl font-semibold">{t('gallery.title')}</h1>
      {tab(false, t('gallery.all'))}
      {tab(true, t('gallery.trash'))}
      <label className="ml-auto flex items-center gap-2 text-sm">
        <span className="sr-only">{t('gallery.order')}</span>
        <select
          className="field w-auto py-1 text-sm"
          value={shown.order}
          onChange={(event) => onChange({ ...shown, order: event.target.value as Shown['order'] })}
        >
          <option value="newest">{t('gallery.newest')}</option>
          <option value="oldest">{t('gallery.oldest')}</option>
        </select>
      </label>
    </div>
  );
}
