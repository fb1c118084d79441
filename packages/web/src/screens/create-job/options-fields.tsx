import { Select, TagsInput, TextInput } from '@mantine/core';
import { PRIORITIES, PRIORITY_WORDS } from '../../status/priority.ts';
import classes from './dialog.module.css';
import type { JobOptions } from './draft.ts';

interface Props<Options> {
  options: Options;
  onChange: (options: Options) => void;
  /** What is wrong with the subject or the labels. */
  problems?: { subject?: string; labels?: string };
}

const OWN = 'own';

/** Priority, subject and labels. */
export function OptionsFields<Options extends Omit<JobOptions, 'start'>>(props: Props<Options>) {
  const { options, onChange, problems } = props;
  return (
    <div className={classes.options}>
      <Select
        label="Priority"
        allowDeselect={false}
        data={[
          { value: OWN, label: 'Workflow’s' },
          ...PRIORITIES.map((value) => ({ value, label: PRIORITY_WORDS[value] })),
        ]}
        value={options.priority ?? OWN}
        onChange={(value) => onChange({ ...options, priority: PRIORITIES.find((known) => known === value) ?? null })}
      />
      <TextInput
        label="Subject"
        placeholder="What the job is about"
        error={problems?.subject}
        value={options.subject}
        onChange={(event) => onChange({ ...options, subject: event.currentTarget.value })}
      />
      <TagsInput
        label="Labels"
        placeholder={options.labels.length === 0 ? 'Type one and press Enter' : undefined}
        error={problems?.labels}
        value={options.labels}
        onChange={(labels) => onChange({ ...options, labels })}
      />
    </div>
  );
}
