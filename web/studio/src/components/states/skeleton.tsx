import { useTranslation } from 'react-i18next';

/** The shape of what is coming, in its own size, so that nothing moves when it comes. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <span aria-hidden="true" className={`block animate-pulse rounded-sm bg-line ${className}`} />;
}

/** Lines of a list on their way; says so to a screen reader. */
export function SkeletonList({ lines = 3, className = 'h-14' }: { lines?: number; className?: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid gap-3">
      <span className="sr-only">{t('common.loading')}</span>
      {Array.from({ length: lines }, (_, at) => (
        <Skeleton key={at} className={className} />
      ))}
    </div>
  );
}
