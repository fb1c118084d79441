import { Button } from '@mantine/core';
import { Dialog } from './dialog.tsx';
import { Lacking } from './lacking.tsx';
import type { Scope } from './viewer.ts';

interface Props {
  title: string;
  /** What it would take. */
  needs: Scope;
  onClose: () => void;
}

/** Says in the place of a dialog that its work is not for this person. */
export function Denied({ needs, onClose, title }: Props) {
  return (
    <Dialog onClose={onClose} size={420} withCloseButton={false} attributes={{ content: { 'aria-label': title } }}>
      <Lacking
        title={title}
        needs={needs}
        actions={
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
        }
      />
    </Dialog>
  );
}
