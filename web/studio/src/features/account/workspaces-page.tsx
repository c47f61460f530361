import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { api, useSessionQuery } from '../../api/api.ts';
import { useCreateWorkspaceMutation } from '../../api/api.gen.ts';
import type { WorkspaceSummary } from '../../api/api.gen.ts';
import { chooseWorkspace } from '../../api/chosen-workspace.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { AccountFrame } from './account-frame.tsx';
import { Members } from './members.tsx';
import { Section } from './section.tsx';

/** The workspaces somebody belongs to, and the people of the present one. */
export function WorkspacesPage() {
  const { t } = useTranslation();
  const { data: me } = useSessionQuery();
  return (
    <AccountFrame>
      <Section title={t('account.workspaces')}>
        {!me && <SkeletonList lines={2} />}
        <ul className="divide-y divide-line">
          {me?.workspaces.map((workspace) => (
            <WorkspaceRow
              key={workspace.workspace_id}
              workspace={workspace}
              isPresent={workspace.workspace_id === me.workspace.workspace_id}
            />
          ))}
        </ul>
        <NewWorkspace />
      </Section>
      {me && <Members workspace={me.workspace} myId={me.user.user_id} />}
    </AccountFrame>
  );
}

function WorkspaceRow({ workspace, isPresent }: { workspace: WorkspaceSummary; isPresent: boolean }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const { workspace_id, name, kind, role, plan } = workspace;
  // Everything the page knows belongs to the other workspace.
  const work = () => {
    chooseWorkspace(kind === 'personal' ? null : workspace_id);
    dispatch(api.util.resetApiState());
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3" aria-label={name}>
      <div className="min-w-48 flex-1">
        <p className="font-medium">{name}</p>
        <p className="text-sm text-muted">
          {[t(`account.${kind}`), t(`account.role_${role}`), plan.slice(0, 1).toUpperCase() + plan.slice(1)].join(
            ' · ',
          )}
        </p>
      </div>
      {isPresent ? (
        <span className="text-sm font-medium text-good">{t('account.working')}</span>
      ) : (
        <Button onClick={work}>{t('account.switchTo')}</Button>
      )}
    </li>
  );
}

function NewWorkspace() {
  const { t } = useTranslation();
  const [create, { isLoading, error }] = useCreateWorkspaceMutation();
  const [name, setName] = useState('');
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { error: refused } = await create({ newWorkspace: { name } });
    if (!refused) setName('');
  };
  return (
    <form className="grid gap-2 border-t border-line pt-4" onSubmit={(event) => void submit(event)}>
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <Field
            label={t('account.workspaceName')}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" disabled={isLoading}>
          {t('account.make')}
        </Button>
      </div>
      <p className="text-sm text-muted">{t('account.newWorkspaceHint')}</p>
      {error !== undefined && <ProblemNote error={error} />}
    </form>
  );
}
