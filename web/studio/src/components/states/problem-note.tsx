import { useTranslation } from 'react-i18next';
import { problemDetail, problemOf } from '../../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { useCopy } from '../ui/use-copy.ts';

/** What went wrong, the next step, and the id to quote when asking for help. */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const copy = useCopy();
  const id = problemOf(error)?.request_id;
  return (
    <div role="alert" className="panel flex flex-wrap items-center gap-x-4 gap-y-2">
      <span className="text-bad">
        <Icon name="alert" />
      </span>
      <div className="min-w-48 flex-1">
        <p>{problemDetail(error, t)}</p>
        {id !== undefined && (
          <button
            type="button"
            className="mt-1 inline-flex min-h-6 items-center gap-1 text-xs break-all text-muted hover:text-text"
            onClick={() => void copy(id)}
            aria-label={t('common.copyRequestId')}
          >
            {t('common.requestId', { id })}
            <Icon name="copy" size={14} />
          </button>
        )}
      </div>
      {onRetry && <Button onClick={onRetry}>{t('common.retry')}</Button>}
    </div>
  );
}
