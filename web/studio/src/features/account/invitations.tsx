import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInviteMemberMutation, useListInvitationsQuery, useRevokeInvitationMutation } from '../../api/api.gen.ts';
import { problemDetail } from '../../api/problem.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { SelectField } from '../../components/ui/select-field.tsx';
import { useToast } from '../../components/ui/toast.tsx';

const givable = ['admin', 'member', 'viewer'] as const;

/** Inviting somebody by mail, and the invitations that are still open. */
export function Invitations({ workspaceId }: { workspaceId: string }) {
  const { t } = useTranslation();
  const toast = useToast();
  const { data: invitations } = useListInvitationsQuery({ pathWorkspaceId: workspaceId, limit: 100 });
  const [invite, { isLoading, error }] = useInviteMemberMutation();
  const [revoke] = useRevokeInvitationMutation();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<(typeof givable)[number]>('member');
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { error: refused } = await invite({ workspaceId, newInvitation: { email, role } });
    if (refused) return;
    toast({ text: t('account.invited', { email }) });
    setEmail('');
  };
  const takeBack = async (invitationId: string) => {
    const { error: refused } = await revoke({ workspaceId, invitationId });
    toast({ text: refused ? problemDetail(refused, t) : t('account.revoked') });
  };
  return (
    <div className="grid gap-4 border-t border-line pt-4">
      <form className="grid items-end gap-2 sm:grid-cols-[1fr_auto_auto]" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('account.inviteEmail')}
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <SelectField
          label={t('account.role')}
          value={role}
          choices={givable.map((value) => ({ value, name: t(`account.role_${value}`) }))}
          onChoose={setRole}
        />
        <Button type="submit" disabled={isLoading}>
          {t('account.invite')}
        </Button>
      </form>
      {error !== undefined && <ProblemNote error={error} />}
      {invitations && invitations.data.length > 0 && (
        <div>
          <h3 className="text-sm font-medium">{t('account.pending')}</h3>
          <ul className="divide-y divide-line">
            {invitations.data.map((invitation) => (
              <li key={invitation.invitation_id} className="flex items-center justify-between gap-4 py-2">
                <span className="min-w-0 truncate">
                  {invitation.email} · {t(`account.role_${invitation.role}`)}
                </span>
                <Button look="ghost" onClick={() => void takeBack(invitation.invitation_id)}>
                  {t('account.revoke')}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
