import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/** A dialog that is open for as long as it is there. Whoever opened it has the focus again once it is gone. */
export function Dialog(props: Omit<ModalProps, 'opened'>) {
  useFocusAfterwards();
  return <Modal opened {...props} />;
}

/** Mantine gives the focus back when a dialog is told to close, and not when it is taken away. */
function useFocusAfterwards(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // Once the dialog is gone, and unless the focus has gone elsewhere, as to another page or another dialog.
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement && before.isConnected)
          before.focus({ preventScroll: true });
      });
    },
    [before],
  );
}
