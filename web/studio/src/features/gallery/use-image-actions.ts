import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../api/api.gen.ts';
import { problemDetail } from '../../api/problem.ts';
import { ownPath } from '../../api/own-path.ts';
import { useToast } from '../../components/ui/toast.tsx';
import { useMoveImageMutation } from '../../api/gallery.ts';
import { fileNameOf, saveFile, zipImages } from './zip-images.ts';

/** Long enough to notice a mistake. */
const undoMs = 10_000;

/** What can be done with pictures, one or many: delete with a way back, restore, download. `zipping` is how far a ZIP is, null when none is made. */
export function useImageActions() {
  const { t } = useTranslation();
  const toast = useToast();
  const [move] = useMoveImageMutation();
  const [zipping, setZipping] = useState<{ done: number; of: number } | null>(null);
  const abort = useRef<AbortController>(undefined);

  const moveAll = async (images: readonly Image[], trash: boolean): Promise<void> => {
    const moved = await Promise.all(images.map((image) => move({ image, trash })));
    const refused = moved.find(({ error }) => error);
    if (refused) {
      toast({ text: problemDetail(refused.error, t) });
      return;
    }
    toast({
      text: t(trash ? 'gallery.deleted' : 'gallery.restored', { count: images.length }),
      ...(trash && {
        durationMs: undoMs,
        action: { label: t('gallery.undo'), onAct: () => void moveAll(images, false) },
      }),
    });
  };

  const download = async (images: readonly Image[]): Promise<void> => {
    const [only] = images;
    if (only && images.length === 1) {
      const link = document.createElement('a');
      link.href = ownPath(only.url);
      link.download = fileNameOf(only);
      link.click();
      return;
    }
    abort.current = new AbortController();
    const { signal } = abort.current;
    setZipping({ done: 0, of: images.length });
    try {
      const zip = await zipImages(images, (done) => setZipping({ done, of: images.length }), signal);
      saveFile(zip, `pingvas-${images.length}.zip`);
    } catch {
      if (!signal.aborted) toast({ text: t('gallery.zipFailed') });
    }
    setZipping(null);
  };

  return {
    trash: (images: readonly Image[]) => void moveAll(images, true),
    restore: (images: readonly Image[]) => void moveAll(images, false),
    download: (images: readonly Image[]) => void download(images),
    zipping,
    stopZip: () => abort.current?.abort(),
  };
}
