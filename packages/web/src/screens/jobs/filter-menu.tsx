import { Button } from '@mantine/core';
import { OpensLate } from '../../app/opens-late.tsx';
import { preloadable } from '../../app/preloaded.tsx';
import type { FilterProps } from './filter-panel.tsx';
import classes from './menus.module.css';
import { countFilters } from './view.ts';

const panel = preloadable(() => import('./filter-panel.tsx'));

/** Everything that the list can be narrowed by, besides its status and the search. */
export function FilterMenu(props: FilterProps) {
  const count = countFilters(props.view);
  return (
    <OpensLate
      of={panel}
      opens="dialog"
      props={props}
      button={
        <Button>
          Filter
          {count > 0 && <span className={classes.count}>{count}</span>}
        </Button>
      }
    />
  );
}
