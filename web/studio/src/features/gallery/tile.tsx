import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../api/api.gen.ts';
import { ownPath } from '../../api/own-path.ts';
import { Icon } from '../../components/ui/icon.tsx';
import { formatMoment } from './format-moment.ts';

type Props = { image: Image; width: number; height: number; selected: boolean; current: boolean };

/** One picture of the grid. What is done to it is heard by the grid (`data-image`, `data-check`), so that ten thousand of them carry no listeners. */
export const Tile = memo(function Tile({ image, width, height, selected, current }: Props) {
  const { t, i18n } = useTranslation();
  const isSharp = height * devicePixelRatio <= 256 && width * devicePixelRatio <= 256;
  return (
    <div
      role="gridcell"
      aria-selected={selected}
      className="group relative shrink-0 bg-line/50"
      style={{ width, height }}
    >
      <a
        href={`/gallery/${image.image_id}`}
        data-image={image.image_id}
        tabIndex={current ? 0 : -1}
        aria-label={t('gallery.picture', { when: formatMoment(image.created_at, i18n.language) })}
        className="block size-full touch-manipulation select-none focus-visible:-outline-offset-3"
      >
        <img
          src={ownPath(image.thumbnails[isSharp ? '256' : '512'])}
          alt=""
          width={Math.round(width)}
          height={Math.round(height)}
          decoding="async"
          draggable={false}
          className={`size-full object-cover transition-transform ${selected ? 'scale-90 rounded-md' : ''}`}
        />
      </a>
      <button
        type="button"
        data-check={image.image_id}
        tabIndex={-1}
        aria-label={t(selected ? 'gallery.unselect' : 'gallery.select')}
        className={`absolute top-0 left-0 inline-flex size-11 items-center justify-center ${
          selected ? '' : 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:hidden'
        }`}
      >
        <span
          className={`inline-flex size-6 items-center justify-center rounded-full border ${
            selected ? 'border-transparent bg-ice text-bg' : 'border-line bg-surface/85 text-muted'
          }`}
        >
          <Icon name="check" size={14} />
        </span>
      </button>
    </div>
  );
});
