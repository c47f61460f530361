import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Image, Job } from '../../api/api.gen.ts';
import { ownPath } from '../../api/own-path.ts';
import { Icon } from '../../components/ui/icon.tsx';
import { isEnded, type LiveFacts } from '../../lib/live-jobs/live-facts.ts';

/** The images of a job. Until they are there, frames of the same size hold their places, so that nothing moves when they come. */
export function Pictures({ job, live }: { job: Job; live: LiveFacts | undefined }) {
  const { t } = useTranslation();
  const ended = isEnded(job.status);
  const { width = 1, height = 1, count = 1, prompt = '' } = job.request ?? {};
  const places = ended ? job.images.length : count;
  if (places === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1">
      {Array.from({ length: places }, (_, at) => {
        const image = job.images[at];
        const preview = previewOf(live, at, places);
        return (
          <li
            key={at}
            className="group relative h-40 max-w-full overflow-hidden rounded-md bg-line/50 sm:h-60"
            style={{ aspectRatio: `${image?.width ?? width} / ${image?.height ?? height}` }}
          >
            {preview !== undefined && (
              <img className="absolute inset-0 size-full object-cover" src={ownPath(preview)} alt="" />
            )}
            {image && (
              <Link href={`/gallery/${image.image_id}`} className="block size-full focus-visible:-outline-offset-3">
                <Picture image={image} alt={prompt} />
              </Link>
            )}
            {image && (
              <a
                className="download"
                href={ownPath(image.url)}
                download={`pingvas-${job.job_id.slice(-6)}-${at + 1}.png`}
                aria-label={t('create.download')}
                title={t('create.download')}
              >
                <Icon name="download" />
              </a>
            )}
            {!ended && <ProgressLine share={(live?.progress ?? 0) * places - at} />}
          </li>
        );
      })}
    </ul>
  );
}

/** Fades in over its own preview. */
function Picture({ image, alt }: { image: Image; alt: string }) {
  const [shown, setShown] = useState(false);
  return (
    <img
      className={`relative size-full object-cover transition-opacity duration-200 ${shown ? '' : 'opacity-0'}`}
      src={ownPath(image.thumbnails['512'])}
      width={image.width}
      height={image.height}
      alt={alt}
      loading="lazy"
      onLoad={() => setShown(true)}
    />
  );
}

function ProgressLine({ share }: { share: number }) {
  return (
    <div
      className="absolute bottom-0 left-0 h-1 w-full origin-left bg-ice transition-transform"
      style={{ transform: `scaleX(${Math.min(Math.max(share, 0), 1)})` }}
    />
  );
}

/** The latest preview of the image at a place: steps run on over all images of a job. */
function previewOf(live: LiveFacts | undefined, at: number, places: number): string | undefined {
  if (!live) return undefined;
  const perImage = live.steps / places;
  return live.previews.findLast(({ step }) => Math.min(Math.floor(Math.max(step - 1, 0) / perImage), places - 1) === at)
    ?.url;
}
