import { UnstyledButton } from '@mantine/core';
import { memo, useState } from 'react';
import { formatOffset } from '../time/duration.ts';
import { formatFull } from '../time/moment.ts';
import { AnsiText } from './ansi-text.tsx';
import type { LogDisplay } from './display.ts';
import { LEVEL_WORDS, type LogLine } from './line.ts';
import classes from './log-view.module.css';

/** As much of a line is drawn until the rest is asked for. */
const SHOWN = 4_000;

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
  hourCycle: 'h23',
});

/** What the executor puts behind a line that was longer than it keeps. */
const CUT = / … \[cut: [^\]]+\]$/;

interface Props {
  line: LogLine;
  /** The moment that times count from. */
  from: number;
  display: LogDisplay;
  search: string;
  showStep: boolean;
  /** Whether the search stands here. */
  found: boolean;
  /** Whether it is one of those that the address names. */
  picked: boolean;
}

/** One line of a log. */
export const LogRow = memo(function LogRow({ line, from, display, search, showStep, found, picked }: Props) {
  const [whole, setWhole] = useState(false);
  const at = Date.parse(line.at);
  const mark = CUT.exec(line.message)?.[0];
  const message = mark === undefined ? line.message : line.message.slice(0, -mark.length);
  const folded = !whole && message.length > SHOWN;
  return (
    <div
      className={classes.line}
      data-level={line.level}
      data-stream={line.stream}
      data-wrap={display.wrap || undefined}
      data-found={found || undefined}
      data-picked={picked || undefined}
    >
      <span className={classes.gutter} data-pick={line.seq} title={`Line ${line.seq}, ${formatFull(at)}`}>
        {display.numbers && <span className={classes.number}>{line.seq}</span>}
        {display.time !== 'none' && (
          <time className={classes.time} dateTime={line.at}>
            {display.time === 'clock' ? clock.format(at) : formatOffset(at - from)}
          </time>
        )}
        <span className={classes.dot}>
          <span className="sb-hidden">{LEVEL_WORDS[line.level]}</span>
        </span>
      </span>
      {showStep && (
        <span className={classes.step} title={line.stepKey ?? undefined}>
          {line.stepKey ?? 'job'}
        </span>
      )}
      <span className={classes.text}>
        <AnsiText text={folded ? message.slice(0, SHOWN) : message} search={search} />
        {folded && (
          <UnstyledButton className={classes.whole} onClick={() => setWhole(true)}>
            … show all {message.length.toLocaleString('en')} characters
          </UnstyledButton>
        )}
        {mark !== undefined && <span className={classes.cut}>{mark.replace(/^ … \[|\]$/g, '')}</span>}
      </span>
    </div>
  );
});
