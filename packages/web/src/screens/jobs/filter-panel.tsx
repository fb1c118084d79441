import '../../app/choices.css';
import { Input, MultiSelect, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { ButtonPopover } from '../../app/button-popover.tsx';
import type { Opener } from '../../app/opens-late.tsx';
import { useWorkflowNames } from '../../app/workflow-names.ts';
import { PRIORITIES, PRIORITY_WORDS } from '../../status/priority.ts';
import { serverNow } from '../../time/clock.ts';
import { beginOf, endOf, SPANS, spanOf, toField, writeMoment } from '../../time/period.ts';
import { JsonConditionForm } from './json-condition-form.tsx';
import classes from './menus.module.css';
import type { ListView } from './view.ts';

export interface FilterProps {
  view: ListView;
  onChange: (part: Partial<ListView>) => void;
}

export default function FilterPanel({ button, ...props }: FilterProps & Opener) {
  return (
    <ButtonPopover button={button} label="Filter" padding="md">
      {() => <FilterForm {...props} />}
    </ButtonPopover>
  );
}

function FilterForm({ view, onChange }: FilterProps) {
  const workflows = useWorkflowNames();
  const known = new Set(workflows.map(({ slug }) => slug));
  const inside = { comboboxProps: { withinPortal: false } };
  return (
    <div className={classes.form}>
      <MultiSelect
        label="Workflow"
        placeholder={view.workflows.length === 0 ? 'Any' : undefined}
        searchable
        data={[...workflows.map(({ slug }) => slug), ...view.workflows.filter((slug) => !known.has(slug))]}
        value={view.workflows}
        onChange={(values) => onChange({ workflows: values })}
        openOnFocus={false}
        {...inside}
      />
      <MultiSelect
        label="Priority"
        placeholder={view.priorities.length === 0 ? 'Any' : undefined}
        data={PRIORITIES.map((value) => ({ value, label: PRIORITY_WORDS[value] }))}
        value={view.priorities}
        onChange={(values) => onChange({ priorities: PRIORITIES.filter((priority) => values.includes(priority)) })}
        {...inside}
      />
      <TagsInput
        label="Labels"
        placeholder={view.labels.length === 0 ? 'Type one and press Enter' : undefined}
        value={view.labels}
        onChange={(labels) => onChange({ labels })}
        {...inside}
      />
      <LateText
        label="Subject"
        hint="All of it, as the jobs have it"
        value={view.subject}
        onSettled={(subject) => onChange({ subject })}
      />
      <JsonConditionForm onAdd={(condition) => onChange({ conditions: [...view.conditions, condition] })} />
      <Input.Wrapper label="Created" labelElement="div">
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Created within"
          data={[
            { value: '', label: 'Ever' },
            { value: TODAY, label: 'Today' },
            ...SPANS.map(({ key, short }) => ({ value: key, label: short })),
          ]}
          value={view.span ?? (view.from === today() && view.to === undefined ? TODAY : '')}
          onChange={(chosen) =>
            onChange({ span: spanOf(chosen), from: chosen === TODAY ? today() : undefined, to: undefined })
          }
        />
      </Input.Wrapper>
      <div className={classes.range}>
        <TextInput
          type="datetime-local"
          label="From"
          value={view.from === undefined ? '' : toField(beginOf(view.from))}
          onChange={(event) => onChange({ from: fromField(event.currentTarget.value), span: undefined })}
        />
        <TextInput
          type="datetime-local"
          label="To"
          value={view.to === undefined ? '' : toField(endOf(view.to))}
          onChange={(event) => onChange({ to: fromField(event.currentTarget.value), span: undefined })}
        />
      </div>
    </div>
  );
}

interface LateTextProps {
  label: string;
  hint: string;
  value: string;
  onSettled: (value: string) => void;
}

/** A field that tells its text when typing pauses, or when it is left. */
function LateText({ label, hint, value, onSettled }: LateTextProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  const tell = useDebouncedCallback((text: string) => onSettled(text.trim()), 300);
  return (
    <TextInput
      label={label}
      placeholder={hint}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      onBlur={() => tell.flush()}
    />
  );
}

const TODAY = 'today';

/** The day that it is now, in the reader's zone, as the URL has it. */
function today(): string {
  return toField(serverNow()).slice(0, 10);
}

function fromField(value: string): string | undefined {
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : writeMoment(at);
}
