import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '../../api/api.gen.ts';
import { useUploadMutation } from '../../api/upload.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Icon } from '../../components/ui/icon.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import type { Draft, Edit } from '../../lib/draft/draft.ts';
import { canvasOf } from '../../lib/draft/request-of.ts';
import { Choices } from './choices.tsx';
import { MaskField } from './mask-field.tsx';
import { OutpaintField } from './outpaint-field.tsx';
import { Slider } from './slider.tsx';

type Props = { model: Model; draft: Draft; onChange: (changes: Partial<Draft>) => void };

const accepted = 'image/png,image/jpeg,image/webp';
const editModes = { vary: 'img2img', mask: 'inpaint', extend: 'outpaint', upscale: 'upscale' } as const;

/** A picture to start from, by drop, paste or choice, and what is done to it. */
export function SourceField({ model, draft, onChange }: Props) {
  const { t } = useTranslation();
  const [upload, { isLoading, error }] = useUploadMutation();
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file || !accepted.includes(file.type)) return;
    const { data } = await upload(file);
    if (data) onChange({ source: data, edit: 'vary' });
  };
  usePastedFile((file) => void take(file));
  const edits = (Object.keys(editModes) as Edit[]).filter((edit) => model.modes.includes(editModes[edit]));
  if (edits.length === 0) return null;

  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  if (!draft.source)
    return (
      <div
        className={`rounded-md border border-dashed ${over ? 'border-ice bg-hover' : 'border-line'}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <input
          ref={chooser}
          type="file"
          accept={accepted}
          className="hidden"
          aria-label={t('create.sourceFile')}
          onChange={(event) => void take(event.target.files?.[0])}
        />
        <button
          type="button"
          className="flex min-h-14 w-full items-center justify-center gap-2 px-3 text-sm text-muted hover:text-text"
          disabled={isLoading}
          onClick={() => chooser.current?.click()}
        >
          <Icon name="image" />
          {t(isLoading ? 'create.sourceUploading' : 'create.source')}
        </button>
        {error !== undefined && <ProblemNote error={error} />}
      </div>
    );

  const edit = edits.includes(draft.edit) ? draft.edit : 'vary';
  const canvas = canvasOf(draft, model);
  const src = `/api/v1/images/${draft.source.image_id}/content?size=512`;
  return (
    <div
      className="grid gap-3 rounded-md border border-line p-3"
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <div className="flex items-start gap-3">
        <img src={src} alt={t('create.sourceAlt')} className="size-16 rounded-sm object-cover" />
        <p className="flex-1 text-sm text-muted">{t('create.sourceKept')}</p>
        <IconButton icon="close" label={t('create.sourceRemove')} onClick={() => onChange({ source: null })} />
      </div>
      <Choices
        label={t('create.edit')}
        selected={edit}
        onChoose={(next) => onChange({ edit: next })}
        choices={edits.map((each) => ({ value: each, key: each, content: t(`create.edit_${each}`) }))}
      />
      {edit === 'mask' && (
        <MaskField src={src} canvas={canvas} strokes={draft.strokes} onChange={(strokes) => onChange({ strokes })} />
      )}
      {edit === 'extend' && (
        <OutpaintField
          src={src}
          canvas={canvas}
          model={model}
          sides={draft.sides}
          onChange={(sides) => onChange({ sides })}
        />
      )}
      {edit === 'upscale' ? (
        <p className="text-sm text-muted">{t('create.upscaleHint')}</p>
      ) : (
        <Slider
          label={t('create.strength')}
          hint={t('create.strengthHint')}
          min={0.05}
          max={1}
          step={0.05}
          value={draft.strength}
          onChange={(strength) => onChange({ strength })}
        />
      )}
    </div>
  );
}

/** Hears a picture pasted anywhere on the page. */
function usePastedFile(onFile: (file: File) => void): void {
  const heard = useRef(onFile);
  useEffect(() => {
    heard.current = onFile;
  });
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const file = event.clipboardData?.files[0];
      if (file) heard.current(file);
    };
    addEventListener('paste', onPaste);
    return () => removeEventListener('paste', onPaste);
  }, []);
}
