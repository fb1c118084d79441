import { Button, Modal } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Message } from './message.tsx';
import { roleWord, type Scope, useViewer, WORDS } from './viewer.ts';

interface Props {
  title: string;
  /** What it would take. */
  needs: Scope;
  onClose: () => void;
}

/** Says in the place of a dialog that its work is not for this person, and whom to ask. */
export function Denied({ needs, onClose, title }: Props) {
  const viewer = useViewer();
  return (
    <Modal
      opened
      onClose={onClose}
      size={420}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': title } }}
    >
      <Message
        icon={<IconLock size={22} />}
        title={title}
        actions={
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
        }
      >
        It takes the rights of “{WORDS[needs]}”, and {viewer?.name ?? 'this account'} has those of “
        {viewer ? roleWord(viewer) : WORDS.READ}” in {viewer?.tenant.name ?? 'this tenant'}. An administrator can give
        more.
      </Message>
    </Modal>
  );
}
