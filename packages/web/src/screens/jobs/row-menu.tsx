import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconExternalLink } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { ACTION_WORDS, type OfferedAction } from '../../actions/actions.ts';
import { ACTION_ICONS } from '../../actions/icons.ts';
import { type ActionTarget, useJobAction } from '../../actions/use-job-action.tsx';
import { openMenus } from './open-menus.ts';

export interface RowMenuProps {
  job: ActionTarget;
  actions: readonly OfferedAction[];
  onClose: () => void;
}

/** What can be done with a job, opened. Made, and sent for, only when it is wanted: a list has many rows. */
export default function RowMenu({ job, actions, onClose }: RowMenuProps) {
  const act = useJobAction();
  useEffect(() => {
    openMenus.set(openMenus.get() + 1);
    return () => openMenus.set(openMenus.get() - 1);
  }, []);
  return (
    // Not for keys, which it has by default: the key that opens it would close it again.
    <Menu defaultOpened onClose={onClose} clickOutsideEvents={['mousedown', 'touchstart']} trapFocus returnFocus>
      <Menu.Target>
        <ActionIcon size={24} aria-label="Actions">
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={`/jobs/${job.id}`} leftSection={<IconExternalLink size={15} />}>
          View
        </Menu.Item>
        {actions.length > 0 && <Menu.Divider />}
        {actions.map((action) => {
          const Icon = ACTION_ICONS[action];
          return (
            <Menu.Item
              key={action}
              leftSection={<Icon size={15} />}
              color={ACTION_WORDS[action].question ? 'var(--sb-failed)' : undefined}
              onClick={() => act(action, job)}
            >
              {ACTION_WORDS[action].label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
