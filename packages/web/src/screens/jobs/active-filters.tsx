import { CloseButton, UnstyledButton } from '@mantine/core';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { describeMoment, SPANS } from '../../time/period.ts';
import { describeCondition, writeCondition } from './json-match.ts';
import classes from './menus.module.css';
import type { ListView } from './view.ts';

interface Props {
  view: ListView;
  onChange: (part: Partial<ListView>) => void;
  onClear: () => void;
}

interface Active {
  key: string;
  label: string;
  without: Partial<ListView>;
}

/** The filters that are set, each with a button that takes it off. Takes no room when none is. */
export function ActiveFilters({ view, onChange, onClear }: Props) {
  const active = listActive(view);
  if (active.length === 0) return null;
  return (
    <div className={classes.active}>
      {active.map(({ key, label, without }) => (
        <span key={key} className={classes.pill}>
          {label}
          <CloseButton size={18} aria-label={`Remove the filter: ${label}`} onClick={() => onChange(without)} />
        </span>
      ))}
      <UnstyledButton className={classes.clear} onClick={onClear}>
        Clear all
      </UnstyledButton>
    </div>
  );
}

function listActive(view: ListView): Active[] {
  const span = SPANS.find(({ key }) => key === view.span);
  const dated = [view.from && `from ${describeMoment(view.from)}`, view.to && `until ${describeMoment(view.to)}`]
    .filter(Boolean)
    .join(' ');
  return [
    ...view.workflows.map((slug) => ({
      key: `workflow ${slug}`,
      label: slug,
      without: { workflows: view.workflows.filter((other) => other !== slug) },
    })),
    ...view.priorities.map((priority) => ({
      key: `priority ${priority}`,
      label: `${PRIORITY_WORDS[priority]} priority`,
      without: { priorities: view.priorities.filter((other) => other !== priority) },
    })),
    ...view.labels.map((label) => ({
      key: `label ${label}`,
      label: `label ${label}`,
      without: { labels: view.labels.filter((other) => other !== label) },
    })),
    ...view.conditions.map((condition) => ({
      key: `json ${writeCondition(condition)}`,
      label: describeCondition(condition),
      without: { conditions: view.conditions.filter((other) => other !== condition) },
    })),
    ...(view.subject === '' ? [] : [{ key: 'subject', label: `about ${view.subject}`, without: { subject: '' } }]),
    ...(span ? [{ key: 'span', label: span.label.toLowerCase(), without: { span: undefined } }] : []),
    ...(dated ? [{ key: 'dates', label: `created ${dated}`, without: { from: undefined, to: undefined } }] : []),
  ];
}
