import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { StepStatus } from '../../app/graphql.ts';
import { STEP_LOOKS } from '../../status/tone.ts';
import { canFold, type StepGroup } from '../../timeline/step-rows.ts';
import classes from './group-summary.module.css';

/** In this order the statuses of items are told and drawn. */
const ORDER: readonly StepStatus[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'RUNNING', 'WAITING', 'SKIPPED', 'PENDING'];

/** How the items of a step do, all together, and the way to each of them. */
export function GroupSummary({ name, group, onToggle }: { name: string; group: StepGroup; onToggle: () => void }) {
  return (
    <div className={classes.summary}>
      <GroupBar group={group} />
      <span className={classes.words}>{countWords(group)}</span>
      {canFold(group) && (
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={group.open}
          aria-label={`${group.open ? 'Fold' : 'Show all'} ${group.size} items of ${name}`}
          onClick={onToggle}
        >
          {group.open ? 'fold' : 'show all'} <IconChevronRight size={12} data-open={group.open || undefined} />
        </UnstyledButton>
      )}
    </div>
  );
}

/** The shares of the statuses as one bar. */
export function GroupBar({ group }: { group: StepGroup }) {
  return (
    <span className={classes.bar} aria-hidden="true">
      {ORDER.map((status) => (
        <span
          key={status}
          data-tone={STEP_LOOKS[status].tone}
          data-idle={status === 'PENDING' || undefined}
          style={{ flexGrow: group.counts.get(status) ?? 0 }}
        />
      ))}
    </span>
  );
}

/** `1,000 items: 412 completed, 3 running, 585 pending`. */
export function countWords({ size, counts }: StepGroup): string {
  const parts = ORDER.flatMap((status) => {
    const count = counts.get(status);
    return count ? [`${count.toLocaleString('en')} ${STEP_LOOKS[status].word.toLowerCase()}`] : [];
  });
  return `${size.toLocaleString('en')} ${size === 1 ? 'item' : 'items'}: ${parts.join(', ')}`;
}
