import { useTranslation } from 'react-i18next';
import type { Image } from '../../api/api.gen.ts';
import { ownPath } from '../../api/own-path.ts';
import { Dialog } from '../../components/ui/dialog.tsx';
import { CompareSlider } from './compare-slider.tsx';
import { formatMoment } from './format-moment.ts';

/** Two pictures by a slider. */
export function CompareDialog({ left, right, onClose }: { left: Image; right: Image; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const side = (image: Image) => ({
    src: ownPath(image.url),
    label: t('gallery.picture', { when: formatMoment(image.created_at, i18n.language) }),
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('gallery.compare')}>
      <CompareSlider left={side(left)} right={side(right)} />
    </Dialog>
  );
}
