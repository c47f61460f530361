import { useTranslation } from 'react-i18next';
import { type Image, useGetJobQuery, useReproduceImageMutation } from '../../api/api.gen.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Skeleton } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { ReceiptView } from '../../components/receipt/receipt-view.tsx';
import { formatMoment } from './format-moment.ts';
import { useReuse } from '../../lib/draft/use-reuse.ts';

/** Everything that is known of a picture: its words and numbers, what it cost, and how to make it again. */
export function ImageSheet({ image }: { image: Image }) {
  const { t, i18n } = useTranslation();
  const { data: job, isLoading } = useGetJobQuery({ jobId: image.job_id ?? '' }, { skip: image.job_id === null });
  const reuse = useReuse();
  const request = job?.request;
  const bytes = new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
  const facts: [string, string | undefined | null][] = [
    [t('gallery.model'), request?.model],
    [t('gallery.size'), `${image.width} × ${image.height}`],
    [t('gallery.seed'), image.seed],
    [t('gallery.steps'), request?.steps?.toString()],
    [t('gallery.guidance'), request?.guidance?.toString()],
    [t('gallery.scheduler'), request?.scheduler],
    [t('gallery.style'), request?.style],
    [t('gallery.strength'), request?.init_image_id ? request.strength?.toString() : undefined],
    [t('gallery.fileSize'), bytes.format(image.bytes / 1_000)],
    [t('gallery.made'), formatMoment(image.created_at, i18n.language)],
  ];
  return (
    <aside
      aria-label={t('gallery.details')}
      className="grid max-h-[45dvh] content-start gap-4 overflow-y-auto border-t border-line bg-surface p-4 lg:max-h-none lg:w-80 lg:border-t-0 lg:border-l"
    >
      {isLoading && <Skeleton className="h-20" />}
      {request?.prompt !== undefined && <p className="whitespace-pre-wrap">{request.prompt}</p>}
      {request?.negative_prompt && (
        <p className="text-sm text-muted">{t('gallery.without', { words: request.negative_prompt })}</p>
      )}
      {image.kind === 'upload' && <p className="text-muted">{t('gallery.uploaded')}</p>}
      {request && (
        <div className="grid grid-cols-2 gap-2">
          <Button onClick={() => void reuse(image)}>{t('gallery.reuse')}</Button>
          <Button onClick={() => void reuse(image, { newSeeds: true })}>{t('gallery.variations')}</Button>
          <Button onClick={() => void reuse(image, { asInit: true })}>{t('gallery.asInit')}</Button>
          <ReproduceButton image={image} />
        </div>
      )}
      {image.kind === 'upload' && (
        <Button onClick={() => void reuse(image, { asInit: true })}>{t('gallery.asInit')}</Button>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="text-right break-all tabular-nums">{value}</dd>
              </div>
            ),
        )}
      </dl>
      {job && (job.charged_credits ?? 0) > 0 && <ReceiptView jobId={job.job_id} />}
      {job && (
        <a className="link min-h-11 content-center text-sm" href={`/jobs/${job.job_id}`}>
          {t('gallery.openJob')}
        </a>
      )}
    </aside>
  );
}

/** Makes the same picture again and says afterwards how alike they are. */
function ReproduceButton({ image }: { image: Image }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [reproduce, { isLoading, error }] = useReproduceImageMutation();
  const start = async (): Promise<void> => {
    const { data } = await reproduce({ imageId: image.image_id, 'idempotency-key': crypto.randomUUID() });
    if (data) toast({ text: t('gallery.reproducing') });
  };
  return (
    <>
      <Button disabled={isLoading} onClick={() => void start()}>
        {t('gallery.reproduce')}
      </Button>
      {error !== undefined && (
        <div className="col-span-2">
          <ProblemNote error={error} />
        </div>
      )}
    </>
  );
}
