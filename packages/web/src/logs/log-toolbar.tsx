import { ActionIcon, Button, CloseButton, Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconCheck, IconSearch } from '@tabler/icons-react';
import { CopyButton } from '../ids/copy-button.tsx';
import type { LogDisplay } from './display.ts';
import { LEVEL_CHIPS, type LevelChip } from './level-chips.ts';
import classes from './log-toolbar.module.css';

interface Props {
  search: string;
  onSearch: (search: string) => void;
  chips: readonly LevelChip[];
  onChips: (chips: LevelChip[]) => void;
  /** How many lines each chip would show; undefined while that is not known for the whole log. */
  counts: ReadonlyMap<LevelChip, number> | undefined;
  total: number;
  display: LogDisplay;
  onDisplay: (part: Partial<LogDisplay>) => void;
  copy: () => Promise<string>;
}

const TIMES: { value: LogDisplay['time']; label: string }[] = [
  { value: 'offset', label: 'Time since the job began' },
  { value: 'clock', label: 'Time of day' },
  { value: 'none', label: 'No time' },
];

/** What narrows a log and changes how it is drawn. */
export function LogToolbar({ search, onSearch, chips, onChips, counts, total, display, onDisplay, copy }: Props) {
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
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (search === '') event.currentTarget.blur();
          else onSearch('');
        }}
      />
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
      <CopyButton value={copy} label="Copy the whole log" />
    </div>
  );
}
