import { Select } from '@mantine/core';
import { useWorkflowNames } from '../../app/workflow-names.ts';
import classes from './dialog.module.css';

interface Props {
  value: string | undefined;
  onChange: (slug: string) => void;
}

/** Every workflow by name, to search and choose from. */
export function WorkflowSelect({ value, onChange }: Props) {
  const workflows = useWorkflowNames();
  const bySlug = new Map(workflows.map((workflow) => [workflow.slug, workflow]));
  return (
    <Select
      label="Workflow"
      placeholder="Choose one, or type to search"
      searchable
      data-autofocus={value === undefined || undefined}
      nothingFoundMessage={workflows.length === 0 ? 'There are no workflows yet' : 'No workflow matches'}
      allowDeselect={false}
      selectFirstOptionOnChange
      maxDropdownHeight={320}
      data={workflows.map(({ slug }) => slug)}
      filter={({ options, search }) => {
        const words = search.trim().toLowerCase();
        return options.filter((option) => {
          if (!('value' in option)) return true;
          const workflow = bySlug.get(option.value);
          return [option.value, workflow?.name, workflow?.description].some((text) =>
            text?.toLowerCase().includes(words),
          );
        });
      }}
      renderOption={({ option }) => {
        const workflow = bySlug.get(option.value);
        return (
          <span className={classes.option}>
            <span className={classes.optionName}>
              {option.value} <span className="sb-mute">{workflow?.name}</span>
            </span>
            {workflow?.description && <span className={classes.optionText}>{workflow.description}</span>}
          </span>
        );
      }}
      value={value ?? null}
      onChange={(slug) => slug !== null && onChange(slug)}
    />
  );
}
