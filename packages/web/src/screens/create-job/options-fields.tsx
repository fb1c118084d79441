import { Select, TagsInput, TextInput } from '@mantine/core';
import { PRIORITIES, PRIORITY_WORDS } from '../../status/priority.ts';
import classes from './dialog.module.css';
import type { JobOptions } from './draft.ts';

interface Props {
  options: JobOptions;
  onChange: (options: JobOptions) => void;
}

/** Priority, subject and labels. */
export function OptionsFields({ options, onChange }: Props) {
  return (
    <div className={classes.options}>
      <Select
        label="Priority"
        allowDeselect={false}
        data={PRIORITIES.map((value) => ({ value, label: PRIORITY_WORDS[value] }))}
        value={options.priority}
        onChange={(value) => {
          const priority = PRIORITIES.find((known) => known === value);
          if (priority) onChange({ ...options, priority });
        }}
      />
      <TextInput
        label="Subject"
        placeholder="What the job is about"
        value={options.subject}
        onChange={(event) => onChange({ ...options, subject: event.currentTarget.value })}
      />
      <TagsInput
        label="Labels"
        placeholder={options.labels.length === 0 ? 'Type one and press Enter' : undefined}
        value={options.labels}
        onChange={(labels) => onChange({ ...options, labels })}
      />
    </div>
  );
}
