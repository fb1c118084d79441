import { ActionIcon, Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import classes from './find-bar.module.css';
import type { Findings } from './log-finder.ts';

interface Props {
  found: Findings;
  onGo: (way: 'next' | 'previous') => void;
  /** Whether lines that do not match are left out. */
  only: boolean;
  onOnly: (only: boolean) => void;
}

/** How many lines match what was searched for, in the whole log, and the way from one to the next. */
export function FindBar({ found, onGo, only, onOnly }: Props) {
  return (
    <div className={classes.bar}>
      <span className={classes.words} role="status">
        {wordsOf(found)}
      </span>
      <ActionIcon
        size={22}
        aria-label="Previous match"
        disabled={found.line === undefined}
        onClick={() => onGo('previous')}
      >
        <IconChevronUp size={15} />
      </ActionIcon>
      <ActionIcon size={22} aria-label="Next match" disabled={found.line === undefined} onClick={() => onGo('next')}>
        <IconChevronDown size={15} />
      </ActionIcon>
      <Checkbox size="xs" label="only these" checked={only} onChange={(event) => onOnly(event.currentTarget.checked)} />
    </div>
  );
}

function wordsOf({ error, busy, line, total, index }: Findings): string {
  if (error !== undefined) return error;
  if (total === 0) return 'no match';
  if (line === undefined || busy) return 'searching…';
  if (total === undefined || index === undefined) return `line ${line.toLocaleString('en')}`;
  return `${index.toLocaleString('en')} of ${total.toLocaleString('en')}`;
}
