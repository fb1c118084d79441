import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';
import { overlaysHere, overlaysWanted } from './overlays-state.ts';

interface Question {
  title: string;
  children: ReactNode;
  confirm: string;
  cancel: string;
  onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function ask({ confirm, cancel, ...question }: Question): void {
  overlaysWanted.set(true);
  void overlaysHere.promise.then(() =>
    modals.openConfirmModal({
      ...question,
      labels: { confirm, cancel },
      confirmProps: { variant: 'danger', 'data-autofocus': true },
    }),
  );
}
