import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionQuery } from '../../api/api.ts';
import { useListApiKeysQuery } from '../../api/api.gen.ts';
import type { ApiKey } from '../../api/api.gen.ts';
import { EmptyState } from '../../components/states/empty-state.tsx';
import { ProblemNote } from '../../components/states/problem-note.tsx';
import { SkeletonList } from '../../components/states/skeleton.tsx';
import { Button } from '../../components/ui/button.tsx';
import { CodeSamples } from './code-samples.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { KeyRow } from './key-row.tsx';
import { UsageFrame } from './usage-frame.tsx';

/** The keys of the workspace, and how to use one. */
export function KeysPage() {
  const { t } = useTranslation();
  const { data: me } = useSessionQuery();
  const { data: keys, error, refetch } = useListApiKeysQuery({ limit: 100 });
  const [editing, setEditing] = useState<ApiKey | 'new'>();
  const [secret, setSecret] = useState<string>();
  return (
    <UsageFrame>
      <div className="grid grid-cols-1 gap-6">
        {me?.workspace.plan === 'free' && <p className="panel text-muted">{t('usage.freeKeys')}</p>}
        <div>
          <Button look="primary" onClick={() => setEditing('new')}>
            {t('usage.newKey')}
          </Button>
        </div>
        {error && !keys && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {!keys && !error && <SkeletonList />}
        {keys?.data.length === 0 && <EmptyState title={t('usage.noKeys')} hint={t('usage.noKeysHint')} />}
        {keys && keys.data.length > 0 && (
          <ul className="panel divide-y divide-line py-0">
            {keys.data.map((key) => (
              <KeyRow key={key.id} apiKey={key} onChange={() => setEditing(key)} />
            ))}
          </ul>
        )}
        <CodeSamples secret={secret} />
      </div>
      {editing !== undefined && (
        <KeyDialog
          apiKey={editing === 'new' ? undefined : editing}
          onMade={setSecret}
          onClose={() => setEditing(undefined)}
        />
      )}
    </UsageFrame>
  );
}
