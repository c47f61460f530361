import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';

/** The codes, once. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open onOpenChange={onClose} title={t('account.recoveryTitle')} description={t('account.recoveryText')}>
      <CodeBlock label={t('account.recoveryCodes')} code={codes.join('\n')} />
      <Button look="primary" onClick={onClose}>
        {t('account.recoveryDone')}
      </Button>
    </Dialog>
  );
}
