import { DropdownMenu as Radix } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { type Job, type Model, useListJobsQuery } from '../../api/api.gen.ts';
import { ownPath } from '../../api/own-path.ts';
import { Icon } from '../../components/ui/icon.tsx';
import { formatPrice } from '../../format.ts';
import { listed } from '../../api/listed-jobs.ts';

/** Which model draws: each with the reader's newest picture of it and its price. */
export function ModelPicker(props: { models: Model[]; model: Model; onChange: (model: string) => void }) {
  const { t } = useTranslation();
  const { models, model, onChange } = props;
  const { data } = useListJobsQuery(listed);
  return (
    <div className="grid gap-1">
      <span id="model-label" className="text-sm">
        {t('create.model')}
      </span>
      <Radix.Root modal={false}>
        <Radix.Trigger
          id="model-choice"
          aria-labelledby="model-label model-choice"
          className="field flex items-center gap-3 py-1.5 text-left"
        >
          <ModelLine model={model} picture={pictureOf(model, data?.data)} />
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            align="start"
            sideOffset={6}
            collisionPadding={8}
            className="appear z-50 max-h-96 w-(--radix-dropdown-menu-trigger-width) overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-raised"
          >
            <Radix.RadioGroup value={model.id} onValueChange={onChange}>
              {models.map((each) => (
                <Radix.RadioItem
                  key={each.id}
                  value={each.id}
                  className="flex min-h-11 cursor-pointer items-center gap-3 rounded-sm p-1.5 outline-none data-[highlighted]:bg-hover data-[state=checked]:bg-hover"
                >
                  <ModelLine model={each} picture={pictureOf(each, data?.data)} />
                </Radix.RadioItem>
              ))}
            </Radix.RadioGroup>
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </div>
  );
}

function ModelLine({ model, picture }: { model: Model; picture: string | undefined }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <span
        className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-sm bg-line/60 font-semibold text-muted"
        aria-hidden="true"
      >
        {picture === undefined ? (
          <Icon name="image" />
        ) : (
          <img src={picture} alt="" className="size-full object-cover" />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{model.name}</span>
        <span className="block truncate text-sm text-muted">
          {model.available
            ? t('create.modelPrice', { price: formatPrice(model.credits_per_image, i18n.language) })
            : t('create.modelAway')}
        </span>
      </span>
    </>
  );
}

/** The newest picture a model made here. */
function pictureOf(model: Model, jobs: Job[] | undefined): string | undefined {
  const image = jobs?.find((job) => job.request?.model === model.id && job.images.length > 0)?.images[0];
  return image && ownPath(image.thumbnails['256']);
}
