import { UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useStable } from '../app/use-stable.ts';
import { useLogDisplay } from './display.ts';
import { type LineRange, readLogText } from './download.ts';
import { FindBar } from './find-bar.tsx';
import { countChips, type LevelChip, levelsOf } from './level-chips.ts';
import type { LogSelection } from './line.ts';
import { LogFooter } from './log-footer.tsx';
import { LogRows } from './log-rows.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import classes from './log-view.module.css';
import { PickedLines } from './picked-lines.tsx';
import { useFinder } from './use-finder.ts';
import { useLog } from './use-log.ts';

interface Props {
  jobId: string;
  /** Only this step's lines; the whole job's without it. */
  stepKey?: string;
  /** Steps by which the log of the whole job can be narrowed. */
  steps?: readonly { key: string; name: string }[];
  /** The moment that times count from. */
  from: string;
  /** Whether lines may still be written. */
  live: boolean;
  /** The lines that the address names. */
  picked: LineRange | undefined;
  onPick: (range: LineRange | undefined) => void;
}

/**
 * A log that can be read while it is written, however long it is: a window of it is here, and only the lines on the
 * screen are drawn. It opens at its end, which is followed for as long as the reader is there, or at the line that
 * the address names.
 */
export function LogView({ jobId, stepKey, steps, from, live, picked, onPick }: Props) {
  const { display, change } = useLogDisplay();
  const [search, setSearch] = useState('');
  const [only, setOnly] = useState(false);
  const [chips, setChips] = useState<LevelChip[]>([]);
  const [step, setStep] = useState<string>();
  const [atEnd, setAtEnd] = useState(true);
  const [settled] = useDebouncedValue(search.trim(), 250);
  const base = useStable<LogSelection>({ stepKey: stepKey ?? step, levels: levelsOf(chips) });
  const selection = useStable<LogSelection>({ ...base, search: only && settled !== '' ? settled : undefined });
  const { store, state } = useLog(jobId, selection, { live, place: picked?.from });
  const finder = useFinder(jobId, base, settled, store, { lastSeq: state.lastSeq, atEnd });

  // Another line in the address, from a link or by the back button.
  const seen = useRef(picked?.from);
  const jump = useEffectEvent((line: number | undefined) => {
    if (line === undefined) store.forget();
    else if (line !== seen.current) void store.jumpTo(line);
    seen.current = line;
  });
  useEffect(() => jump(picked?.from), [picked?.from]);
  useEffect(() => store.atEnd(atEnd), [store, atEnd]);

  const narrowed = selection.search !== undefined || base.levels !== undefined || step !== undefined;
  const whole = !state.hasOlder && !state.hasNewer;
  const counts = useMemo(() => (whole && !narrowed ? countChips(state.lines) : undefined), [whole, narrowed, state]);

  return (
    <div className={classes.root}>
      <LogToolbar
        search={search}
        onSearch={setSearch}
        onFind={finder.go}
        chips={chips}
        onChips={setChips}
        counts={counts}
        total={state.total}
        steps={stepKey === undefined ? steps : undefined}
        step={step}
        onStep={setStep}
        display={display}
        onDisplay={change}
        copy={() => readLogText(jobId, selection)}
      />
      <div className={classes.frame}>
        <LogRows
          key={jobId}
          store={store}
          state={state}
          from={Date.parse(from)}
          display={display}
          search={settled}
          found={finder.found.line}
          picked={picked}
          onPick={onPick}
          showStep={stepKey === undefined}
          gapless={stepKey === undefined && !narrowed}
          live={live}
          narrowed={narrowed}
          onAtEnd={setAtEnd}
        />
        {settled !== '' && <FindBar found={finder.found} onGo={finder.go} only={only} onOnly={setOnly} />}
        {state.error !== undefined && (
          <p className={classes.error} role="alert">
            {state.error} <UnstyledButton onClick={() => store.retry()}>Try again</UnstyledButton>
          </p>
        )}
        {picked && <PickedLines jobId={jobId} selection={base} range={picked} onClear={() => onPick(undefined)} />}
      </div>
      <LogFooter
        jobId={jobId}
        selection={selection}
        following={live && atEnd && !state.complete}
        ended={!live || state.complete}
        total={Math.max(state.total, state.lines.length)}
        narrowed={narrowed}
        onGoTo={onPick}
      />
    </div>
  );
}
