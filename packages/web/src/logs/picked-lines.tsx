import { CloseButton } from '@mantine/core';
import { CopyButton } from '../ids/copy-button.tsx';
import { type LineRange, readLogText } from './download.ts';
import type { LogSelection } from './line.ts';
import { writeRange } from './line-range.ts';
import classes from './picked-lines.module.css';

interface Props {
  jobId: string;
  selection: LogSelection;
  range: LineRange;
  onClear: () => void;
}

/** What can be done with the lines that were picked. The address names them already. */
export function PickedLines({ jobId, selection, range, onClear }: Props) {
  const { from, to } = range;
  return (
    <div className={classes.bar}>
      <span className={classes.words}>
        {from === to
          ? `Line ${from.toLocaleString('en')}`
          : `Lines ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`}
      </span>
      <CopyButton value={() => readLogText(jobId, selection, range)} label="Copy the lines" />
      <CopyButton value={linkTo(range)} label="Copy a link to the lines" icon="link" />
      <CloseButton size={20} aria-label="Pick no line" onClick={onClear} />
    </div>
  );
}

function linkTo(range: LineRange): string {
  const link = new URL(location.href);
  link.searchParams.set('line', writeRange(range));
  return link.href;
}
