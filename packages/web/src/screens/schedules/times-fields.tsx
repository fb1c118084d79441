import { Input, NativeSelect, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { toField } from '../../time/period.ts';
import { useCronWords } from './cron-words.ts';
import type { ScheduleKind } from './documents.ts';
import classes from './form.module.css';
import { RunsPreview } from './runs-preview.tsx';
import { browserZone, type Times, timeZones, UNITS } from './times.ts';
import type { Preview } from './use-preview.ts';

const KINDS = [
  { value: 'ONCE', label: 'Once' },
  { value: 'RECURRING', label: 'Every' },
  { value: 'CRON', label: 'Cron' },
] as const satisfies readonly { value: ScheduleKind; label: string }[];

interface Props {
  times: Times;
  onChange: (times: Times) => void;
  preview: Preview;
  /** What is wrong, by the names of the API. */
  problems: Record<string, string>;
}

/** When a schedule runs, and what that comes to. */
export function TimesFields({ times, onChange, preview, problems }: Props) {
  const change = (part: Partial<Times>) => onChange({ ...times, ...part });
  const zones = useMemo(() => timeZones(times.timezone), [times.timezone]);
  const words = useCronWords(times.kind === 'CRON' && times.cron.trim() !== '' ? times.cron : null);
  const moment = (label: string, description: string) => (
    <TextInput
      type="datetime-local"
      label={label}
      description={description}
      error={problems.startsAt}
      value={times.startsAt === undefined ? '' : toField(Date.parse(times.startsAt))}
      onChange={(event) => {
        const at = Date.parse(event.currentTarget.value);
        change({ startsAt: Number.isNaN(at) ? undefined : new Date(at).toISOString() });
      }}
    />
  );
  return (
    <section className={classes.times} aria-label="When">
      <div className={classes.fields}>
        <Input.Wrapper label="When" labelElement="div">
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="When it runs"
            data={[...KINDS]}
            value={times.kind}
            onChange={(value) => {
              const kind = KINDS.find((each) => each.value === value)?.value;
              if (kind) change({ kind });
            }}
          />
        </Input.Wrapper>
        {times.kind === 'ONCE' && moment('Date and time', `In ${browserZone}`)}
        {times.kind === 'RECURRING' && (
          <>
            <div className={classes.pause}>
              <NumberInput
                label="Pause"
                min={1}
                allowDecimal={false}
                allowNegative={false}
                error={problems.everySeconds}
                value={times.amount ?? ''}
                onChange={(value) => change({ amount: typeof value === 'number' ? value : undefined })}
              />
              <NativeSelect
                aria-label="Unit of the pause"
                data={UNITS.map(({ key }) => key).toReversed()}
                value={times.unit}
                onChange={(event) => {
                  const unit = UNITS.find(({ key }) => key === event.currentTarget.value)?.key;
                  if (unit) change({ unit });
                }}
              />
            </div>
            {moment('Counted from', `Now when it is empty; in ${browserZone}`)}
          </>
        )}
        {times.kind === 'CRON' && (
          <>
            <TextInput
              label="Pattern"
              description="Minute, hour, day, month, day of the week"
              placeholder="30 6 * * 1-5"
              classNames={{ input: 'sb-mono' }}
              spellCheck={false}
              autoCapitalize="none"
              error={problems.cron}
              value={times.cron}
              onChange={(event) => change({ cron: event.currentTarget.value })}
            />
            <Select
              label="Time zone"
              searchable
              allowDeselect={false}
              selectFirstOptionOnChange
              maxDropdownHeight={260}
              // Hundreds of options, drawn only while they are looked at.
              comboboxProps={{ keepMounted: false }}
              error={problems.timezone}
              data={zones}
              value={times.timezone}
              onChange={(timezone) => timezone !== null && change({ timezone })}
            />
          </>
        )}
      </div>
      <RunsPreview preview={preview} zone={times.kind === 'CRON' ? times.timezone : browserZone} words={words} />
    </section>
  );
}
