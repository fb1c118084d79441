import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link } from 'react-router';
import { ConnectionStatus } from '../live/connection-status.tsx';
import { ColorSchemeMenu } from './color-scheme-menu.tsx';
import classes from './header.module.css';
import { Logo } from './logo.tsx';
import { MainNavigation } from './main-navigation.tsx';
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
      <MainNavigation />
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
