import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  action: string;
  onConfirm: () => void;
};

/** A question before what cannot be undone; what can be undone is done and offers the way back. */
export function ConfirmDialog({ open, onOpenChange, title, text, action, onConfirm }: Props) {
  const { t } = useTranslation();
  const confirm = () => {
    onOpenChange(false);
    onConfirm();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={text}>
      <div className="flex justify-end gap-2">
        <Button look="ghost" onClick={() => onOpenChange(false)}>
          {t('common.cancel')}
        </Button>
        <Button look="danger" onClick={confirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
