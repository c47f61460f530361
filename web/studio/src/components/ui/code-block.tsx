import { useTranslation } from 'react-i18next';
import { useCopy } from './use-copy.ts';
import { Icon } from './icon.tsx';

/** Code that is meant to be copied. It scrolls by itself, with the keyboard too. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  const { t } = useTranslation();
  const copy = useCopy();
  return (
    <div className="relative">
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="overflow-x-auto rounded-md border border-line bg-bg p-4 pr-14 font-mono text-sm leading-6"
      >
        <code>{code}</code>
      </pre>
      <button
        type="button"
        className="absolute top-1 right-1 inline-flex size-11 items-center justify-center rounded-md bg-bg hover:bg-hover"
        aria-label={t('common.copy')}
        onClick={() => void copy(code)}
      >
        <Icon name="copy" />
      </button>
    </div>
  );
}
