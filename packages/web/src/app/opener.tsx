import { ActionIcon } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import classes from './opener.module.css';

interface Props {
  opened: boolean;
  /** What it shows and hides. */
  what: string;
  onToggle: () => void;
}

/** The button of a row that shows more of it. */
export function Opener({ opened, what, onToggle }: Props) {
  return (
    <ActionIcon size={22} aria-expanded={opened} aria-label={`${opened ? 'Hide' : 'Show'} ${what}`} onClick={onToggle}>
      <IconChevronRight size={14} className={classes.chevron} data-open={opened || undefined} />
    </ActionIcon>
  );
}
