import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/ui/button.tsx';

/** Asks the browser for leave to say when a job ends while the page is in the background; gone once it was answered. */
export function NotifyButton() {
  const { t } = useTranslation();
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
  if (permission !== 'default') return null;
  return (
    <Button
      look="ghost"
      className="my-1 text-sm"
      onClick={() => void Notification.requestPermission().then(setPermission)}
    >
      {t('create.notify')}
    </Button>
  );
}
