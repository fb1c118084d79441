import { useHotkeys } from '@mantine/hooks';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Outlet } from 'react-router';
import { useActivity } from '../live/activity.ts';
import { useCreateDialog } from '../screens/create-job/use-create-dialog.ts';
import { sumOf, useJobCounts } from './counts.ts';
import { Denied } from './denied.tsx';
import { Header } from './header.tsx';
import { paletteOpened } from './palette-state.ts';
import { Preloaded, preloadable } from './preloaded.tsx';
import classes from './shell.module.css';
import { useStore } from './store.ts';
import { useKeys } from './use-keys.ts';
import { useViewer } from './viewer.ts';

const createJobDialog = preloadable(() => import('../screens/create-job/dialog.tsx'));
const Palette = lazy(() => import('./palette.tsx'));
const Shortcuts = lazy(() => import('./shortcuts.tsx'));

/** What stands around every page: header, palette, create dialog, and the keys that work everywhere. */
export function Shell() {
  useActivity((sumOf(useJobCounts(), ['RUNNING', 'QUEUED']) ?? 0) > 0);
  const create = useCreateDialog();
  // Until it is known, most people may: the server has the last word.
  const mayOperate = useViewer()?.scopes.includes('OPERATE') ?? true;
  const palette = useStore(paletteOpened);
  const [help, setHelp] = useState(false);

  useEffect(() => whenIdle(createJobDialog.preload), []);

  useKeys([
    ['c', () => create.open()],
    ['?', () => setHelp(true)],
    ['shift+?', () => setHelp(true)],
  ]);
  // The palette opens from within a field as well.
  useHotkeys([['mod+K', () => paletteOpened.set(true)]], []);

  return (
    <ModalsProvider modalProps={{ size: 420 }}>
      <div className={classes.shell}>
        <a className={classes.skip} href="#main">
          Skip to the content
        </a>
        <Header />
        <main id="main" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {create.opened &&
          (mayOperate ? (
            <Preloaded of={createJobDialog} props={{}} />
          ) : (
            <Denied title="You may not create jobs" needs="OPERATE" onClose={create.close} />
          ))}
        {palette !== undefined && <Palette />}
        {help && <Shortcuts onClose={() => setHelp(false)} />}
      </Suspense>
      <Notifications position="bottom-left" />
    </ModalsProvider>
  );
}

/** Runs it when the page has nothing else to do, a little after it was loaded. */
function whenIdle(run: () => void): () => void {
  const timer = setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(run);
    else run();
  }, 2_000);
  return () => clearTimeout(timer);
}
