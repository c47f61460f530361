import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeMemberMutation, useListMembersQuery, useRemoveMemberMutation } from '../../api/api.gen.ts';
import type { Member, WorkspaceSummary } from '../../api/api.gen.ts';
import { problemDetail } from '../../api/problem.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { ConfirmDialog } from '../../components/ui/confirm-dialog.tsx';
import { SelectField } from '../../components/ui/select-field.tsx';
import { useToast } from '../../components/ui/toast.tsx';
import { formatCredits } from '../../format.ts';
import { Invitations } from './invitations.tsx';
import { Section } from './section.tsx';

const roles = ['owner', 'admin', 'member', 'viewer'] as const;

/** Who is in the present workspace, what they may do, who is invited. */
export function Members({ workspace, myId }: { workspace: WorkspaceSummary; myId: string }) {
  const { t } = useTranslation();
  const pathWorkspaceId = workspace.workspace_id;
  const { data: members, error, refetch } = useListMembersQuery({ pathWorkspaceId, limit: 100 });
  const manages = workspace.role === 'owner' || workspace.role === 'admin';
  return (
    <Section title={t('account.members')} hint={workspace.name}>
      {error && !members && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!members && !error && <SkeletonList lines={2} />}
      <ul className="divide-y divide-line">
        {members?.data.map((member) => (
          <MemberRow
            key={member.user_id}
            member={member}
            workspaceId={pathWorkspaceId}
            canChange={manages && member.user_id !== myId}
          />
        ))}
      </ul>
      {manages && <Invitations workspaceId={pathWorkspaceId} />}
    </Section>
  );
}

type RowProps = { member: Member; workspaceId: string; canChange: boolean };

function MemberRow({ member, workspaceId, canChange }: RowProps) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const [change] = useChangeMemberMutation();
  const [remove] = useRemoveMemberMutation();
  const [asking, setAsking] = useState(false);
  const { user_id: userId, name, email } = member;
  const giveRole = async (role: Member['role']) => {
    const { error } = await change({ workspaceId, userId, memberChange: { role } });
    toast({ text: error ? problemDetail(error, t) : t('account.saved') });
  };
  const sendAway = async () => {
    const { error } = await remove({ workspaceId, userId });
    toast({ text: error ? problemDetail(error, t) : t('account.removed', { name }) });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3" aria-label={name}>
      <div className="min-w-48 flex-1">
        <p className="font-medium">{name}</p>
        <p className="text-sm text-muted">
          {email} · {t('account.spent', { credits: formatCredits(member.credits_used_this_month, i18n.language) })}
        </p>
      </div>
      {canChange ? (
        <>
          <SelectField
            label={t('account.role')}
            quiet
            value={member.role}
            choices={roles.map((value) => ({ value, name: t(`account.role_${value}`) }))}
            onChoose={(role) => void giveRole(role)}
          />
          <Button look="danger" onClick={() => setAsking(true)}>
            {t('account.remove')}
          </Button>
        </>
      ) : (
        <span className="text-sm text-muted">{t(`account.role_${member.role}`)}</span>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('account.removeTitle', { name })}
        text={t('account.removeText')}
        action={t('account.remove')}
        onConfirm={() => void sendAway()}
      />
    </li>
  );
}
