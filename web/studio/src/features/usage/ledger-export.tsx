import { useTranslation } from 'react-i18next';
import { chosenWorkspace } from '../../api/chosen-workspace.ts';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { buttonClass } from '../../components/ui/button.tsx';
import { Icon } from '../../components/ui/icon.tsx';

const command = 'npm run -s pingvas -- ledger verify pingvas-ledger.json --keys pingvas-ledger-keys.json';

/** The signed ledger, the keys that it is checked with, and how. */
export function LedgerExport() {
  const { t } = useTranslation();
  const workspace = chosenWorkspace();
  const query = workspace === null ? '' : `?workspace_id=${encodeURIComponent(workspace)}`;
  return (
    <section className="panel mt-6 p-6" aria-labelledby="export-title">
      <h2 id="export-title" className="font-semibold">
        {t('usage.export')}
      </h2>
      <p className="text-sm text-muted">{t('usage.exportHint')}</p>
      <div className="my-4 flex flex-wrap gap-2">
        <a className={buttonClass()} href={`/api/v1/credits/export${query}`} download="pingvas-ledger.json">
          <Icon name="download" />
          {t('usage.export')}
        </a>
        <a className={buttonClass('ghost')} href="/.well-known/pingvas-ledger.json" download="pingvas-ledger-keys.json">
          {t('usage.exportKeys')}
        </a>
      </div>
      <CodeBlock label={t('usage.verifyHow')} code={command} />
    </section>
  );
}
