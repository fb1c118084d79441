import { Button, Popover, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Columns } from './columns.ts';
import type { ListView } from './view.ts';
import classes from './views.module.css';

const ViewsList = lazy(() => import('./views-list.tsx'));

/** The lists that were kept under a name, on the server. */
export function ViewsMenu({ view, columns }: { view: ListView; columns: Columns }) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover position="bottom-end" opened={opened} onChange={setOpened} trapFocus returnFocus>
      <Popover.Target>
        <Button onClick={() => setOpened(!opened)}>Views</Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Views" p="sm">
        <Suspense fallback={<Skeleton className={classes.root} height={110} />}>
          <ViewsList
            view={view}
            columns={columns.shown.map(({ key }) => key)}
            onColumns={columns.show}
            onClose={() => setOpened(false)}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
