import type { shell as ko } from '../ko/shell.ts';

export const shell: typeof ko = {
  skip: 'Skip to the content',
  navigation: 'Main menu',
  create: 'Create',
  usage: 'Usage',
  menu: 'Your menu',
  theme: 'Appearance',
  theme_system: 'As the device',
  theme_light: 'Light',
  theme_dark: 'Dark',
  language: 'Language',
  openDocs: 'API docs',
  keys: 'Keyboard shortcuts',
  signOut: 'Sign out',
  creditsLeft: 'Credits left',
  notices: 'Notices',
  key_generate: 'Generate',
  key_focus: 'To the prompt',
  key_create: 'Create screen',
  key_usage: 'Usage screen',
  key_sheet: 'Open this list',
};
