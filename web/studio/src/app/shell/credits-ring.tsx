import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useGetCreditsQuery } from '../../api/api.gen.ts';
import type { CreditAccount } from '../../api/api.gen.ts';
import { Tooltip } from '../../components/ui/tooltip.tsx';
import { formatCredits, formatShort } from '../../format.ts';

const radius = 19;
const around = 2 * Math.PI * radius;
/** Under this share of what was granted the ring turns amber. */
const lowShare = 0.2;

/** What is left: the number inside, a segment for each grant around it, in the order in which they are spent. */
export function CreditsRing() {
  const { t, i18n } = useTranslation();
  const { data: credits } = useGetCreditsQuery({}, { refetchOnFocus: true });
  const exact =
    credits && (credits.available === null ? t('common.unlimited') : formatCredits(credits.available, i18n.language));
  return (
    <Tooltip text={`${t('shell.creditsLeft')} ${exact ?? ''}`} side="right">
      <Link href="/usage" className="relative inline-flex size-11 items-center justify-center rounded-full">
        <span className="sr-only">{t('shell.creditsLeft')}</span>
        <svg viewBox="0 0 44 44" width="44" height="44" className="absolute inset-0 -rotate-90" aria-hidden="true">
          <circle cx="22" cy="22" r={radius} fill="none" stroke="var(--line)" strokeWidth="4" />
          {credits && segmentsOf(credits).map((segment) => <Segment key={segment.id} {...segment} />)}
        </svg>
        <span className="sr-only" data-testid="credits-left">
          {exact}
        </span>
        <strong className="text-xs tabular-nums" aria-hidden="true">
          {credits && (credits.available === null ? '∞' : formatShort(credits.available, i18n.language))}
        </strong>
      </Link>
    </Tooltip>
  );
}

type SegmentProps = { id: string; from: number; share: number; low: boolean };

function Segment({ from, share, low }: SegmentProps) {
  return (
    <circle
      cx="22"
      cy="22"
      r={radius}
      fill="none"
      stroke={low ? 'var(--warn)' : 'var(--accent)'}
      strokeWidth="4"
      // A hair of ground between two grants.
      strokeDasharray={`${Math.max(share * around - 1.5, 1)} ${around}`}
      strokeDashoffset={-from * around}
    />
  );
}

function segmentsOf({ grants, unlimited }: CreditAccount): SegmentProps[] {
  if (unlimited) return [{ id: 'all', from: 0, share: 1, low: false }];
  const granted = grants.reduce((sum, grant) => sum + grant.granted, 0);
  const left = grants.reduce((sum, grant) => sum + grant.remaining, 0);
  if (granted === 0) return [];
  const shares = grants.map(({ remaining }) => remaining / granted);
  return grants
    .map(({ grant_id }, at) => ({
      id: grant_id,
      from: shares.slice(0, at).reduce((sum, share) => sum + share, 0),
      share: shares[at] ?? 0,
      low: left / granted < lowShare,
    }))
    .filter(({ share }) => share > 0);
}
