import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { overlaysWanted } from './overlays-state.ts';

/** Says that something was done; goes away by itself, or when somebody hides it by its id. */
export function tellDone(title: string, message: ReactNode, id?: string): void {
  overlaysWanted.set(true);
  notifications.show({ id, color: 'teal', icon: <IconCheck size={16} />, title, message });
}

/** Shows a failure until it is closed by hand. */
export function tellFailure(title: string, message: string): void {
  overlaysWanted.set(true);
  notifications.show({
    color: 'red',
    icon: <IconAlertTriangle size={16} />,
    title,
    message: <span style={{ whiteSpace: 'pre-line' }}>{message}</span>,
    autoClose: false,
  });
}
