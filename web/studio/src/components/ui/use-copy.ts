import { useTranslation } from 'react-i18next';
import { useToast } from './toast.tsx';

/** Puts a text on the clipboard and says so. */
export function useCopy(): (text: string) => Promise<void> {
  const { t } = useTranslation();
  const toast = useToast();
  return async (text) => {
    await navigator.clipboard.writeText(text);
    toast({ text: t('common.copied') });
  };
}
