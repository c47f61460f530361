import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { Icon } from '../../components/ui/icon.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';

type Props = {
  count: number;
  trash: boolean;
  zipping: { done: number; of: number } | null;
  onClear: () => void;
  onDownload: () => void;
  onStopZip: () => void;
  onMove: () => void;
  /** Missing unless exactly two are chosen. */
  onCompare?: (() => void) | undefined;
};

/** Floats over the grid while pictures are chosen: how many, and what can be done with them. */
export function SelectionBar({ count, trash, zipping, onClear, onDownload, onStopZip, onMove, onCompare }: Props) {
  const { t } = useTranslation();
  return (
    <div
      role="toolbar"
      aria-label={t('gallery.selectionBar')}
      className="appear fixed inset-x-2 bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-30 flex items-center gap-1 rounded-lg border border-line bg-raised p-1.5 shadow-raised sm:inset-x-auto sm:left-1/2 sm:-translate-x-1/2 lg:bottom-6"
    >
      <IconButton icon="close" label={t('gallery.clear')} onClick={onClear} />
      <p role="status" className="flex-1 px-1 text-sm font-medium whitespace-nowrap tabular-nums">
        {zipping ? t('gallery.zipping', zipping) : t('gallery.selected', { count })}
      </p>
      {zipping ? (
        <Button look="ghost" onClick={onStopZip}>
          {t('gallery.stop')}
        </Button>
      ) : (
        <>
          {onCompare && (
            <Button look="ghost" onClick={onCompare}>
              {t('gallery.compare')}
            </Button>
          )}
          <IconButton icon="download" label={t('gallery.download')} onClick={onDownload} />
          <Button look={trash ? 'secondary' : 'danger'} onClick={onMove}>
            <Icon name={trash ? 'restore' : 'trash'} />
            {t(trash ? 'gallery.restore' : 'gallery.delete')}
          </Button>
        </>
      )}
    </div>
  );
}
