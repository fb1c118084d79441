import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from '../app/store.ts';
import { connection } from '../live/connection.ts';
import { FORMAT_WORDS, type LineRange, LOG_FORMATS, logAddress } from './download.ts';
import type { LogSelection } from './line.ts';
import { readRange } from './line-range.ts';
import classes from './log-view.module.css';

interface Props {
  jobId: string;
  selection: LogSelection;
  following: boolean;
  ended: boolean;
  total: number;
  narrowed: boolean;
  onGoTo: (range: LineRange) => void;
}

/** Whether the end is followed, how long the log is, the way to a line, and the log as a file. */
export function LogFooter({ jobId, selection, following, ended, total, narrowed, onGoTo }: Props) {
  const connected = useStore(connection).state === 'live';
  const live = following && connected;
  return (
    <div className={classes.footer}>
      <span className={classes.following} data-on={live || undefined}>
        <span className={classes.beacon} />
        {ended ? 'ended' : live ? 'following' : connected ? 'not following' : 'not connected'}
      </span>
      <GoTo onGoTo={onGoTo} />
      <span className={classes.total}>
        {total.toLocaleString('en')} {narrowed ? 'matching ' : ''}
        {total === 1 ? 'line' : 'lines'}
      </span>
      {LOG_FORMATS.map((format) => (
        <a
          key={format}
          className={classes.save}
          href={logAddress(jobId, selection, format)}
          download
          title={`Download as ${FORMAT_WORDS[format]}`}
        >
          {FORMAT_WORDS[format]}
        </a>
      ))}
    </div>
  );
}

function GoTo({ onGoTo }: Pick<Props, 'onGoTo'>) {
  const [text, setText] = useState('');
  const range = readRange(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!range) return;
        onGoTo(range);
        setText('');
      }}
    >
      <TextInput
        className={classes.goto}
        size="xs"
        styles={{ input: { height: 24, minHeight: 24 } }}
        aria-label="Go to a line, such as 1204, or lines, such as 1204-1210"
        placeholder="Go to line"
        inputMode="numeric"
        error={text !== '' && !range}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
