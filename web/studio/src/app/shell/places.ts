import type { IconName } from '../../components/ui/icon.tsx';

/** The main places of a member, in the order of the rail and the tabs. */
export const places = [
  { href: '/create', icon: 'create', name: 'shell.create' },
  { href: '/gallery', icon: 'gallery', name: 'shell.gallery' },
  { href: '/usage', icon: 'usage', name: 'shell.usage' },
  { href: '/billing', icon: 'billing', name: 'shell.billing' },
  { href: '/account', icon: 'account', name: 'shell.account' },
] as const satisfies { href: string; icon: IconName; name: string }[];

/** Whether a place is the present one; its sub-pages belong to it. */
export const isHere = (href: string, path: string): boolean => path === href || path.startsWith(`${href}/`);
