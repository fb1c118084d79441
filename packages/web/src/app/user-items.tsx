import { Menu } from '@mantine/core';
import { IconLogout, IconLogout2, IconSettings } from '@tabler/icons-react';
import { Link } from 'react-router';
import { formatExact } from '../time/moment.ts';
import type { Opener } from './opens-late.tsx';
import { signOut } from './sign-in.ts';
import { tellFailure } from './tell.tsx';
import classes from './user-menu.module.css';
import { hasSession, roleWord, useViewer, type Viewer } from './viewer.ts';

async function leave(everywhere: boolean) {
  if (await signOut({ everywhere })) return;
  tellFailure('You are still signed in', 'The server could not be reached. Try again in a moment.');
}

/** Who is signed in, with which rights, and the way out. */
export default function UserItems({ button }: Opener) {
  const viewer = useViewer();
  return (
    <Menu width={250}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {viewer && <Who viewer={viewer} />}
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={15} />}>
          Settings
        </Menu.Item>
        {hasSession(viewer) && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void leave(false)}>
              Sign out
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout2 size={15} />} onClick={() => void leave(true)}>
              Sign out in all browsers
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Who({ viewer }: { viewer: Viewer }) {
  return (
    <div className={classes.who}>
      <div className={classes.name}>{viewer.name}</div>
      <div className={classes.role}>
        <span className={classes.scope}>{roleWord(viewer)}</span>
        <span className={classes.tenant}>{viewer.tenant.name}</span>
      </div>
      <div className={classes.note}>
        {viewer.signedInBy === 'LOCAL'
          ? 'Authentication is off: whoever reaches this address on this machine may do everything.'
          : viewer.expiresAt && `Signed in until ${formatExact(Date.parse(viewer.expiresAt))}`}
      </div>
    </div>
  );
}
