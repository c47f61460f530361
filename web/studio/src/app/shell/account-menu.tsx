import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../api/api.gen.ts';
import { Icon } from '../../components/ui/icon.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink } from '../../components/ui/menu.tsx';
import { signOut } from '../../features/auth/auth-api.ts';
import { forgetDraft } from '../../lib/draft/draft.ts';
import { forgetPrompts } from '../../lib/draft/prompt-history.ts';
import { type Language, setLanguage } from '../../i18n/i18n.ts';
import { languageNames } from '../../i18n/language-names.ts';
import { chosenTheme, setTheme, themes } from '../../lib/theme.ts';

type Props = { me: Me; side: 'bottom' | 'right'; onOpenKeys: () => void };

/** Who is here; theme, language, and the way out. */
export function AccountMenu({ me, side, onOpenKeys }: Props) {
  const { t, i18n } = useTranslation();
  const [theme, chooseTheme] = useState(chosenTheme);
  // A fresh page remembers nothing of who was here.
  const leave = async () => {
    await signOut();
    forgetDraft();
    forgetPrompts();
    location.assign('/');
  };
  const trigger = (
    <button
      type="button"
      aria-label={t('shell.menu')}
      className="inline-flex size-11 items-center justify-center rounded-full border border-line bg-surface hover:bg-hover"
    >
      <Icon name="account" />
    </button>
  );
  return (
    <Menu trigger={trigger} side={side}>
      <p className="max-w-64 truncate px-3 py-2 text-sm text-muted">{me.user.email}</p>
      <MenuLine />
      <MenuChoice
        label={t('shell.theme')}
        value={theme}
        choices={themes.map((value) => ({ value, name: t(`shell.theme_${value}`) }))}
        onChoose={(value) => {
          setTheme(value);
          chooseTheme(value);
        }}
      />
      <MenuLine />
      <MenuChoice
        label={t('shell.language')}
        value={i18n.language as Language}
        choices={(['ko', 'en'] as const).map((value) => ({ value, name: languageNames[value] }))}
        onChoose={(value) => void setLanguage(value)}
      />
      <MenuLine />
      <MenuItem onSelect={onOpenKeys}>{t('shell.keys')}</MenuItem>
      <MenuLink href="/docs">{t('shell.openDocs')}</MenuLink>
      <MenuItem onSelect={() => void leave()}>{t('shell.signOut')}</MenuItem>
    </Menu>
  );
}
