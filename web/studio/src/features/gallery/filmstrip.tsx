import { useTranslation } from 'react-i18next';
import type { Image } from '../../api/api.gen.ts';
import { ownPath } from '../../api/own-path.ts';
import { formatMoment } from './format-moment.ts';

const around = 8;

/** The neighbours of a picture, small, in their order. */
export function Filmstrip(props: { images: readonly Image[]; at: number; onShow: (imageId: string) => void }) {
  const { t, i18n } = useTranslation();
  const { images, at, onShow } = props;
  if (at === -1) return null;
  return (
    <ul aria-label={t('gallery.filmstrip')} className="hidden justify-center gap-1 p-2 sm:flex">
      {images.slice(Math.max(at - around, 0), at + around + 1).map((image) => (
        <li key={image.image_id}>
          <button
            type="button"
            tabIndex={-1}
            aria-label={t('gallery.picture', { when: formatMoment(image.created_at, i18n.language) })}
            aria-current={image.image_id === images[at]?.image_id}
            className="block size-12 overflow-hidden rounded-sm opacity-60 transition-opacity hover:opacity-100 aria-[current=true]:opacity-100 aria-[current=true]:outline-2 aria-[current=true]:outline-ice"
            onClick={() => onShow(image.image_id)}
          >
            <img src={ownPath(image.thumbnails['256'])} alt="" className="size-full object-cover" />
          </button>
        </li>
      ))}
    </ul>
  );
}
