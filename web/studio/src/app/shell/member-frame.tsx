import { type ReactNode, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { Me } from '../../api/api.gen.ts';
import { LiveJobsProvider } from '../../lib/live-jobs/live-jobs.tsx';
import { useKeys } from '../../lib/use-keys.ts';
import { KeySheet } from './key-sheet.tsx';
import { Rail } from './rail.tsx';
import { TabBar } from './tab-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** Navigation, credits and keys around a member's screen. */
export function MemberFrame({ me, children }: { me: Me; children: ReactNode }) {
  const [sheetOpen, setSheetOpen] = useState(false);
  const [, navigate] = useLocation();
  useKeys(
    useMemo(
      () => ({
        '?': () => setSheetOpen(true),
        c: () => navigate('/create'),
        g: () => navigate('/gallery'),
        u: () => navigate('/usage'),
        b: () => navigate('/billing'),
      }),
      [navigate],
    ),
  );
  const openKeys = () => setSheetOpen(true);
  return (
    <LiveJobsProvider>
      <Rail me={me} onOpenKeys={openKeys} />
      <TopBar me={me} onOpenKeys={openKeys} />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-[112rem] px-4 pt-2 pb-24 outline-none lg:pt-6 lg:pr-6 lg:pb-12 lg:pl-[5.5rem]"
      >
        {children}
      </main>
      <TabBar />
      <KeySheet open={sheetOpen} onOpenChange={setSheetOpen} />
    </LiveJobsProvider>
  );
}
