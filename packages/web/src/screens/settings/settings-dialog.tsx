import { Dialog } from '../../app/dialog.tsx';
import '../../app/choices.css';
import '@mantine/core/styles/Radio.layer.css';
import type { ReactNode } from 'react';
import layout from '../create-job/dialog.module.css';

interface Props {
  title: string;
  /** Whether it shows what is never shown again: then only its button closes it, and no key that was meant otherwise. */
  final: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function SettingsDialog({ title, final, onClose, children }: Props) {
  return (
    <Dialog
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={!final}
      withCloseButton={!final}
      title={title}
      size={560}
      classNames={{ body: layout.body, content: layout.content, header: layout.header }}
    >
      {children}
    </Dialog>
  );
}
