import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Message } from './message.tsx';
import { roleWord, type Scope, useViewer, WORDS } from './viewer.ts';

interface Props {
  title: string;
  /** What it would take. */
  needs: Scope;
  actions: ReactNode;
}

/** Says that something is not for this person, and whom to ask. */
export function Lacking({ actions, needs, title }: Props) {
  const viewer = useViewer();
  return (
    <Message icon={<IconLock size={22} />} title={title} actions={actions}>
      It takes the rights of “{WORDS[needs]}”, and {viewer?.name ?? 'this account'} has those of “
      {viewer ? roleWord(viewer) : WORDS.READ}” in {viewer?.tenant.name ?? 'this tenant'}. An administrator can give
      more.
    </Message>
  );
}
