import { useTranslation } from 'react-i18next';
import { useEndSessionMutation, useListSessionsQuery } from '../../api/api.gen.ts';
import type { SignIn } from '../../api/api.gen.ts';
import { problemDetail } from '../../api/problem.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { formatMoment } from '../../format.ts';
import { deviceName } from './device-name.ts';
import { Section } from './section.tsx';

/** Every place where somebody is signed in as this person. */
export function Sessions() {
  const { t } = useTranslation();
  const { data: sessions, error, refetch } = useListSessionsQuery({ limit: 100 });
  return (
    <Section title={t('account.sessions')} hint={t('account.sessionsHint')}>
      {error && !sessions && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!sessions && !error && <SkeletonList lines={2} />}
      <ul className="divide-y divide-line">
        {sessions?.data.map((session) => (
          <SessionRow key={session.session_id} session={session} />
        ))}
      </ul>
    </Section>
  );
}

function SessionRow({ session }: { session: SignIn }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const [end, { isLoading }] = useEndSessionMutation();
  const leave = async () => {
    const { error } = await end({ id: session.session_id });
    toast({ text: error ? problemDetail(error, t) : t('account.ended') });
  };
  const facts = [session.ip_address, t('account.signedIn', { when: formatMoment(session.created_at, i18n.language) })];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <div className="min-w-48 flex-1">
        <p className="font-medium">{deviceName(session.user_agent) ?? t(`account.${session.kind}`)}</p>
        <p className="text-sm text-muted">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {session.current ? (
        <span className="text-sm font-medium text-good">{t('account.thisDevice')}</span>
      ) : (
        <Button look="danger" disabled={isLoading} onClick={() => void leave()}>
          {t('account.end')}
        </Button>
      )}
    </li>
  );
}
