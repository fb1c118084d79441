import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useEffect } from 'react';
import { Outlet } from 'react-router';
import { useActivity } from '../live/activity.ts';
import { useMayBeStale } from '../live/connection.ts';
import { useCreateDialog } from '../screens/create-job/use-create-dialog.ts';
import { sumOf, useJobCounts } from './counts.ts';
import { Header } from './header.tsx';
import { overlaysWanted } from './overlays-state.ts';
import { helpOpened, paletteOpened } from './palette-state.ts';
import { Preloaded, preloadable } from './preloaded.tsx';
import classes from './shell.module.css';
import { useStore } from './store.ts';
import { useKeys } from './use-keys.ts';
import { useViewer } from './viewer.ts';
import { whenIdle } from './when-idle.ts';

const createJobDialog = preloadable(() => import('../screens/create-job/dialog.tsx'));
const Denied = lazy(async () => ({ default: (await import('./denied.tsx')).Denied }));
const Overlays = lazy(() => import('./overlays.tsx'));
const Palette = lazy(() => import('./palette.tsx'));
const Shortcuts = lazy(() => import('./shortcuts.tsx'));

/** What stands around every page: header, palette, create dialog, and the keys that work everywhere. */
export function Shell() {
  useActivity((sumOf(useJobCounts(), ['RUNNING', 'QUEUED']) ?? 0) > 0);
  const create = useCreateDialog();
  // Until it is known, most people may: the server has the last word.
  const mayOperate = useViewer()?.scopes.includes('OPERATE') ?? true;
  const palette = useStore(paletteOpened);
  const help = useStore(helpOpened);
  const stale = useMayBeStale();

  const overlays = useStore(overlaysWanted);

  useEffect(() => whenIdle(createJobDialog.preload), []);
  useEffect(() => whenIdle(() => overlaysWanted.set(true)), []);

  useKeys([
    ['c', () => create.open()],
    ['?', () => helpOpened.set(true)],
  ]);
  // The palette opens from within a field as well.
  useHotkeys([['mod+K', () => paletteOpened.set(true)]], []);

  return (
    <>
      <div className={classes.shell}>
        <a className={classes.skip} href="#main">
          Skip to the content
        </a>
        <Header />
        <main id="main" className={classes.main} tabIndex={-1} data-stale={stale || undefined}>
          <Outlet />
        </main>
      </div>
      <Suspense>{overlays && <Overlays />}</Suspense>
      <Suspense>
        {create.opened &&
          (mayOperate ? (
            <Preloaded of={createJobDialog} props={{}} />
          ) : (
            <Denied title="You may not create jobs" needs="OPERATE" onClose={create.close} />
          ))}
        {palette !== undefined && <Palette />}
        {help && <Shortcuts onClose={() => helpOpened.set(false)} />}
      </Suspense>
    </>
  );
}
