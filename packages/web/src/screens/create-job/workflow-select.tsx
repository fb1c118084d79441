import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useKept } from '../../app/use-kept.ts';
import { StatusBadge } from '../../status/status-chip.tsx';
import { jobLook } from '../../status/tone.ts';
import { Ago } from '../../time/ago.tsx';
import classes from './dialog.module.css';
import { WorkflowChoices } from './documents.ts';

interface Props {
  value: string | undefined;
  error?: string;
  onChange: (slug: string) => void;
}

/** Every workflow by name, with what it is for and how its last job went, to search and choose from. */
export function WorkflowSelect({ value, error, onChange }: Props) {
  const [words, setWords] = useState('');
  const search = words.trim() === value ? '' : words.trim();
  const [settled] = useDebouncedValue(search, 150);
  const result = useQuery({
    query: WorkflowChoices,
    variables: { search: settled || undefined },
    requestPolicy: 'cache-and-network',
  })[0];
  const found = useKept(result);
  const workflows = found?.workflows.edges.map(({ node }) => node) ?? [];
  const bySlug = new Map(workflows.map((workflow) => [workflow.slug, workflow]));
  const nothing = settled === '' ? 'There are no workflows yet' : 'No workflow matches';
  // The chosen one stays an option although the search leaves it out.
  const slugs = workflows.map(({ slug }) => slug);
  return (
    <Select
      label="Workflow"
      error={error}
      placeholder="Choose one, or type to search"
      searchable
      data-autofocus={value === undefined || undefined}
      nothingFoundMessage={result.fetching || found === undefined ? 'Searching' : nothing}
      allowDeselect={false}
      selectFirstOptionOnChange
      maxDropdownHeight={340}
      data={value === undefined || bySlug.has(value) ? slugs : [...slugs, value]}
      searchValue={words}
      onSearchChange={setWords}
      filter={({ options, search: typed }) => {
        const text = typed.trim().toLowerCase();
        if (typed.trim() === value) return options;
        return options.filter((option) => {
          if (!('value' in option)) return true;
          const workflow = bySlug.get(option.value);
          return [option.value, workflow?.name, workflow?.description].some((part) =>
            part?.toLowerCase().includes(text),
          );
        });
      }}
      renderOption={({ option }) => {
        const workflow = bySlug.get(option.value);
        const last = workflow?.recentJobs[0];
        return (
          <span className={classes.option}>
            <span className={classes.optionMain}>
              <span className={classes.optionName}>
                {option.value} <span className="sb-mute">{workflow?.name}</span>
              </span>
              {workflow?.description && <span className={classes.optionText}>{workflow.description}</span>}
            </span>
            {last ? (
              <span className={classes.optionLast}>
                <StatusBadge look={jobLook(last.status, last)} />
                <Ago at={last.createdAt} />
              </span>
            ) : (
              workflow && <span className={classes.optionLast}>no job yet</span>
            )}
          </span>
        );
      }}
      value={value ?? null}
      onChange={(slug) => slug !== null && onChange(slug)}
    />
  );
}
