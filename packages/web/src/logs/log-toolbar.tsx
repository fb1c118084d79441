import { ActionIcon, Button, CloseButton, Menu, Select, TextInput, UnstyledButton } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconCheck, IconSearch } from '@tabler/icons-react';
import { CopyButton } from '../ids/copy-button.tsx';
import type { LogDisplay } from './display.ts';
import { LEVEL_CHIPS, type LevelChip } from './level-chips.ts';
import classes from './log-toolbar.module.css';

interface Props {
  search: string;
  onSearch: (search: string) => void;
  onFind: (way: 'next' | 'previous') => void;
  chips: readonly LevelChip[];
  onChips: (chips: LevelChip[]) => void;
  /** How many lines each chip would show; undefined while that is not known for the whole log. */
  counts: ReadonlyMap<LevelChip, number> | undefined;
  total: number;
  /** Steps to narrow the log by; undefined where it is that of one step. */
  steps: readonly { key: string; name: string }[] | undefined;
  step: string | undefined;
  onStep: (step: string | undefined) => void;
  display: LogDisplay;
  onDisplay: (part: Partial<LogDisplay>) => void;
  copy: () => Promise<string>;
}

/** Clipboards and the programs behind them are not made for more lines. */
const COPYABLE = 100_000;

const TIMES: { value: LogDisplay['time']; label: string }[] = [
  { value: 'offset', label: 'Time since the job began' },
  { value: 'clock', label: 'Time of day' },
  { value: 'none', label: 'No time' },
];

/** What narrows a log and changes how it is drawn. */
export function LogToolbar({ search, chips, counts, total, steps, step, display, copy, ...on }: Props) {
  const { onSearch, onChips, onDisplay } = on;
  return (
    <div className={classes.toolbar}>
      <TextInput
        data-log-search
        className={classes.search}
        styles={{ input: { height: 28, minHeight: 28 } }}
        leftSection={<IconSearch size={14} />}
        rightSection={
          search !== '' && <CloseButton size={20} aria-label="Clear the search" onClick={() => onSearch('')} />
        }
        aria-label="Search in the log"
        placeholder={total > 0 ? `Search ${total.toLocaleString('en')} lines` : 'Search'}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') on.onFind(event.shiftKey ? 'next' : 'previous');
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (search === '') event.currentTarget.blur();
          else onSearch('');
        }}
      />
      {steps && steps.length > 1 && (
        <Select
          className={classes.steps}
          styles={{ input: { height: 28, minHeight: 28 } }}
          aria-label="Only the lines of one step"
          placeholder="All steps"
          searchable
          clearable
          limit={50}
          data={steps.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` }))}
          value={step ?? null}
          onChange={(key) => on.onStep(key ?? undefined)}
        />
      )}
      <fieldset className={classes.chips}>
        <legend className="sb-hidden">Levels</legend>
        {LEVEL_CHIPS.map(({ key }) => {
          const count = counts?.get(key);
          return (
            <UnstyledButton
              key={key}
              className={classes.chip}
              data-chip={key}
              aria-pressed={chips.includes(key)}
              onClick={() => onChips(chips.includes(key) ? chips.filter((other) => other !== key) : [...chips, key])}
            >
              {key}
              {count !== undefined && key !== 'info' && key !== 'debug' && (
                <span className="sb-number"> {count.toLocaleString('en')}</span>
              )}
            </UnstyledButton>
          );
        })}
      </fieldset>
      <Button
        className={classes.wrap}
        aria-pressed={display.wrap}
        onClick={() => onDisplay({ wrap: !display.wrap })}
        title="Wrap long lines"
      >
        wrap
      </Button>
      <Menu width={230}>
        <Menu.Target>
          <ActionIcon size={24} aria-label="How lines are shown">
            <IconAdjustmentsHorizontal size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {TIMES.map(({ value, label }) => (
            <Menu.Item
              key={value}
              rightSection={display.time === value && <IconCheck size={14} />}
              onClick={() => onDisplay({ time: value })}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            rightSection={display.numbers && <IconCheck size={14} />}
            onClick={() => onDisplay({ numbers: !display.numbers })}
          >
            Line numbers
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {total <= COPYABLE && <CopyButton value={copy} label="Copy the whole log" />}
    </div>
  );
}
