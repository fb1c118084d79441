import { Button, Popover, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import classes from './menus.module.css';
import { countFilters, type ListView } from './view.ts';

const FilterForm = lazy(() => import('./filter-form.tsx'));

interface Props {
  view: ListView;
  onChange: (part: Partial<ListView>) => void;
}

/** Everything that the list can be narrowed by, besides its status and the search. */
export function FilterMenu({ view, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const count = countFilters(view);
  return (
    <Popover position="bottom-end" opened={opened} onChange={setOpened} trapFocus returnFocus>
      <Popover.Target>
        <Button onClick={() => setOpened(!opened)}>
          Filter
          {count > 0 && <span className={classes.count}>{count}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filter" p="md">
        <Suspense fallback={<Skeleton className={classes.form} height={330} />}>
          <FilterForm view={view} onChange={onChange} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
