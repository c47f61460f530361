import { useTranslation } from 'react-i18next';
import type { Model } from '../../api/api.gen.ts';
import { type Size, sizePresets } from '../../lib/draft/size-presets.ts';
import { Choices } from './choices.tsx';

/** The side of the drawn frame that is the longer one, CSS pixels. */
const framePx = 18;

/** Sizes by their ratio, as little frames of that shape. A size of before that is no preset is offered beside them. */
export function SizePicker({ model, size, onChange }: { model: Model; size: Size; onChange: (size: Size) => void }) {
  const { t } = useTranslation();
  const presets = sizePresets(model.sizes);
  const keyOf = ({ width, height }: Size): string => `${width}×${height}`;
  const all = presets.some((preset) => keyOf(preset) === keyOf(size))
    ? presets
    : [...presets, { ...size, ratio: keyOf(size) }];
  // A model may draw one ratio in several sizes; then only the pixels tell them apart.
  const hasTwins = new Set(all.map(({ ratio }) => ratio)).size < all.length;
  return (
    <div>
      <Choices
        label={t('create.size')}
        selected={keyOf(size)}
        onChoose={onChange}
        choices={all.map(({ ratio, ...preset }) => ({
          value: preset,
          key: keyOf(preset),
          name: `${ratio}, ${keyOf(preset)}`,
          content: (
            <>
              <span
                className="block rounded-[3px] border-2 border-current opacity-70"
                style={frameOf(preset)}
                aria-hidden="true"
              />
              <span aria-hidden="true">{hasTwins ? keyOf(preset) : ratio}</span>
            </>
          ),
        }))}
      />
      {!hasTwins && <p className="mt-1 text-sm text-muted tabular-nums">{`${size.width} × ${size.height}`}</p>}
    </div>
  );
}

const frameOf = ({ width, height }: Size) => ({
  width: Math.round((framePx * width) / Math.max(width, height)),
  height: Math.round((framePx * height) / Math.max(width, height)),
});
