import { useTranslation } from 'react-i18next';
import { useGetPlacementQuery } from '../../api/api.gen.ts';
import { Skeleton } from '../../components/states/skeleton.tsx';

const askAgainMs = 5_000;

/** Why a job waits and when it should start, in words. */
export function PlacementNote({ jobId }: { jobId: string }) {
  const { t, i18n } = useTranslation();
  const { data: placement } = useGetPlacementQuery({ jobId }, { pollingInterval: askAgainMs });
  if (!placement) return <Skeleton className="h-10" />;
  const { waits_for: waitsFor, priority, position, loads_planned: loads, expected_start: start } = placement;
  const time = (instant: string): string =>
    new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' }).format(new Date(instant));
  return (
    <ul className="grid gap-1 text-sm text-muted tabular-nums">
      {waitsFor && <li>{t(`create.waits_${waitsFor}`)}</li>}
      {position !== null && <li>{t('create.ahead', { count: position })}</li>}
      {priority && <li>{t('create.level', { level: priority.level, effective: priority.effective_level })}</li>}
      {loads !== null && loads > 0 && <li>{t('create.loads', { count: loads })}</li>}
      {start && <li>{t('create.startsBetween', { from: time(start.earliest), to: time(start.latest) })}</li>}
    </ul>
  );
}
