import { ActionIcon } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { OpensLate } from './opens-late.tsx';
import { preloadable } from './preloaded.tsx';
import classes from './user-menu.module.css';
import { hasSession, useViewer } from './viewer.ts';

const items = preloadable(() => import('./user-items.tsx'));

/** Says who is signed in. */
export function UserMenu() {
  const viewer = useViewer();
  return (
    <OpensLate
      of={items}
      opens="menu"
      props={{}}
      button={
        <ActionIcon aria-label={viewer ? `Account: ${viewer.name}` : 'Account'} size={30} className={classes.button}>
          {hasSession(viewer) ? (
            <span className={classes.initials}>{initialsOf(viewer.name)}</span>
          ) : (
            <IconUser size={16} />
          )}
        </ActionIcon>
      }
    />
  );
}

/** Of the first and the last word. */
function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const [first = '?'] = words[0] ?? '';
  const [last = ''] = words.length > 1 ? (words.at(-1) ?? '') : '';
  return (first + last).toUpperCase();
}
