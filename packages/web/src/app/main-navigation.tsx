import { UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { NavLink } from 'react-router';
import { sumOf, useJobCounts } from './counts.ts';
import classes from './header.module.css';
import { OpensLate } from './opens-late.tsx';
import { PLACES, useHere } from './places.ts';
import { preloadable } from './preloaded.tsx';

const items = preloadable(() => import('./navigation-items.tsx'));

/** The main screens side by side; where they have no room, a menu that is called after the present one. */
export function MainNavigation() {
  const narrow = useMediaQuery('(max-width: 920px)', undefined, { getInitialValueInEffect: false });
  return (
    <nav className={classes.nav} aria-label="Main">
      {narrow ? (
        <Folded />
      ) : (
        PLACES.map(({ to, label }) => (
          <NavLink key={to} to={to} className={classes.link}>
            {label}
            {to === '/jobs' && <ActiveJobs />}
          </NavLink>
        ))
      )}
    </nav>
  );
}

function Folded() {
  const here = useHere();
  return (
    <OpensLate
      of={items}
      opens="menu"
      props={{}}
      button={
        <UnstyledButton className={classes.link} data-here>
          {here?.label ?? 'Menu'}
          {here?.to === '/jobs' && <ActiveJobs />}
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      }
    />
  );
}

/** How many jobs run or wait to run. */
function ActiveJobs() {
  const active = sumOf(useJobCounts(), ['RUNNING', 'QUEUED']);
  return (
    <span className={classes.badge} data-active={(active ?? 0) > 0}>
      {active ?? '–'}
      <span className="sb-hidden"> active jobs</span>
    </span>
  );
}
