import { Menu, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { Link, NavLink, useLocation } from 'react-router';
import { sumOf, useJobCounts } from './counts.ts';
import classes from './header.module.css';

const PLACES = [
  { to: '/jobs', label: 'Jobs' },
  { to: '/workflows', label: 'Workflows' },
  { to: '/schedules', label: 'Schedules' },
  { to: '/subjects', label: 'Subjects' },
  { to: '/statistics', label: 'Statistics' },
  { to: '/workers', label: 'Workers' },
] as const;

/** The main screens side by side; where they have no room, a menu that is called after the present one. */
export function MainNavigation() {
  const narrow = useMediaQuery('(max-width: 760px)', undefined, { getInitialValueInEffect: false });
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
  const { pathname } = useLocation();
  const isHere = (to: string) => pathname === to || pathname.startsWith(`${to}/`);
  const here = PLACES.find(({ to }) => isHere(to));
  return (
    <Menu position="bottom-start" width={190}>
      <Menu.Target>
        <UnstyledButton className={classes.link} data-here>
          {here?.label ?? 'Menu'}
          <ActiveJobs />
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {PLACES.map(({ to, label }) => (
          <Menu.Item key={to} component={Link} to={to} aria-current={isHere(to) ? 'page' : undefined}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
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
