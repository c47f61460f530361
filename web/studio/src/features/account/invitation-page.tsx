import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { useLocation, useParams } from 'wouter';
import { api } from '../../api/api.ts';
import { useAcceptInvitationMutation } from '../../api/api.gen.ts';
import { chooseWorkspace } from '../../api/chosen-workspace.ts';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { Button } from '../../components/ui/button.tsx';
import { usePageTitle } from '../../lib/use-page-title.ts';

/** Where the link of an invitation leads. Nothing happens before the button: programs look at links too. */
export function InvitationPage() {
  const { t } = useTranslation();
  usePageTitle(t('account.joinTitle'));
  const { token = '' } = useParams();
  const [, navigate] = useLocation();
  const dispatch = useDispatch();
  const [accept, { isLoading, error }] = useAcceptInvitationMutation();
  const join = async () => {
    const { data: membership } = await accept({ token });
    if (!membership) return;
    chooseWorkspace(membership.workspace_id);
    dispatch(api.util.resetApiState());
    navigate('/account/workspaces');
  };
  return (
    <section className="panel mx-auto mt-6 grid max-w-md gap-4 p-6 sm:mt-12">
      <h1 className="text-xl font-semibold">{t('account.joinTitle')}</h1>
      <p className="text-muted">{t('account.joinText')}</p>
      {error !== undefined && <ProblemNote error={error} />}
      <Button look="primary" disabled={isLoading} onClick={() => void join()}>
        {t('account.join')}
      </Button>
    </section>
  );
}
