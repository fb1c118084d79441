import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, NavLink } from 'react-router';
import { ConnectionStatus } from '../live/connection-status.tsx';
import { ColorSchemeMenu } from './color-scheme-menu.tsx';
import { sumOf, useJobCounts } from './counts.ts';
import classes from './header.module.css';
import { Logo } from './logo.tsx';
import { paletteOpened } from './palette-state.ts';
import { UserMenu } from './user-menu.tsx';

const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl ';

export function Header() {
  return (
    <header className={classes.header}>
      <Link to="/jobs" className={classes.brand} aria-label="Signalbox">
        <Logo />
        <span>Signalbox</span>
      </Link>
      <nav className={classes.nav} aria-label="Main">
        <NavLink to="/jobs" className={classes.link}>
          Jobs
          <ActiveJobs />
        </NavLink>
        <NavLink to="/workflows" className={classes.link}>
          Workflows
        </NavLink>
        <NavLink to="/statistics" className={classes.link}>
          Statistics
        </NavLink>
        <NavLink to="/workers" className={classes.link}>
          Workers
        </NavLink>
      </nav>
      <UnstyledButton className={classes.search} onClick={() => paletteOpened.set(true)}>
        <IconSearch size={15} className={classes.glass} aria-hidden="true" />
        <span className={classes.hint}>Search jobs, workflows</span>
        <kbd className="sb-key">{modifier}K</kbd>
      </UnstyledButton>
      <ConnectionStatus />
      <ColorSchemeMenu />
      <UserMenu />
    </header>
  );
}

/** How many jobs run or wait to run. */
function ActiveJobs() {
  const active = sumOf(useJobCounts(), ['RUNNING', 'QUEUED']);
  return (
    <span className={classes.badge} data-active={(active ?? 0) > 0}>
      {active ?? '–'}
      <span className="sb-hidden"> active</span>
    </span>
  );
}
