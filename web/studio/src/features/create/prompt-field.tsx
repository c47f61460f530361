import { type KeyboardEvent, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/ui/icon.tsx';
import { Menu, MenuItem } from '../../components/ui/menu.tsx';
import { promptHistory } from '../../lib/draft/prompt-history.ts';

type Props = { field: Ref<HTMLTextAreaElement>; value: string; onChange: (prompt: string) => void; onSend: () => void };

/** The words to draw, and those of before. */
export function PromptField({ field, value, onChange, onSend }: Props) {
  const { t } = useTranslation();
  const [history, setHistory] = useState(promptHistory);
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter while a Hangul syllable is being composed belongs to the input method, and a key held down is one wish.
    const { isComposing, repeat } = event.nativeEvent;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isComposing && !repeat) onSend();
  };
  return (
    <div className="grid gap-1">
      <div className="flex items-center justify-between">
        <label htmlFor="prompt" className="font-medium">
          {t('create.prompt')}
        </label>
        {history.length > 0 && (
          <span onPointerEnter={() => setHistory(promptHistory())}>
            <Menu
              trigger={
                <button
                  type="button"
                  className="inline-flex min-h-11 items-center gap-1 px-1 text-sm text-muted hover:text-text"
                >
                  <Icon name="history" size={16} />
                  {t('create.history')}
                </button>
              }
            >
              <div className="max-h-80 max-w-80 overflow-y-auto">
                {history.map((prompt) => (
                  <MenuItem key={prompt} onSelect={() => onChange(prompt)}>
                    <span className="line-clamp-2">{prompt}</span>
                  </MenuItem>
                ))}
              </div>
            </Menu>
          </span>
        )}
      </div>
      <textarea
        id="prompt"
        ref={field}
        className="field min-h-16 lg:min-h-28"
        maxLength={4_000}
        value={value}
        placeholder={t('create.promptPlaceholder')}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
