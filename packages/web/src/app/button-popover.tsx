import { Popover } from '@mantine/core';
import { cloneElement, type ReactNode, useState } from 'react';
import type { Opener } from './opens-late.tsx';

interface Props extends Opener {
  label: string;
  className?: string;
  padding?: 'sm' | 'md';
  children: (close: () => void) => ReactNode;
}

/** A panel below the button that opens it. */
export function ButtonPopover({ button, label, className, padding, children }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover position="bottom-end" opened={opened} onChange={setOpened} trapFocus returnFocus>
      <Popover.Target>{cloneElement(button, { onClick: () => setOpened(!opened) })}</Popover.Target>
      <Popover.Dropdown aria-label={label} className={className} p={padding}>
        {children(() => setOpened(false))}
      </Popover.Dropdown>
    </Popover>
  );
}
