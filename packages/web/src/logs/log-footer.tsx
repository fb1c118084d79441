import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useStore } from '../app/store.ts';
import { tellFailure } from '../app/tell.tsx';
import { connection } from '../live/connection.ts';
import { downloadLog } from './download.ts';
import { LOG_FORMATS, type LogFormat } from './format.ts';
import type { LogSelection } from './line.ts';
import classes from './log-view.module.css';

const FORMAT_WORDS: Record<LogFormat, string> = { text: 'text', json: 'JSON lines', raw: 'raw' };

interface Props {
  jobId: string;
  selection: LogSelection;
  following: boolean;
  ended: boolean;
  lines: number;
  total: number;
  narrowed: boolean;
}

/** Whether the end is followed, how long the log is, and the log as a file. */
export function LogFooter({ jobId, selection, following, ended, lines, total, narrowed }: Props) {
  const [saving, setSaving] = useState(false);
  const connected = useStore(connection).state === 'live';
  const live = following && connected;

  async function save(format: LogFormat) {
    setSaving(true);
    try {
      await downloadLog(jobId, selection, format);
    } catch (error) {
      tellFailure('The log could not be saved', error instanceof Error ? error.message : String(error));
    } finally {
      setSaving(false);
    }
  }

  return (
    <div className={classes.footer}>
      <span className={classes.following} data-on={live || undefined}>
        <span className={classes.beacon} />
        {ended ? 'ended' : live ? 'following' : connected ? 'not following' : 'not connected'}
      </span>
      <span className={classes.total}>
        {Math.max(total, lines).toLocaleString('en')} {narrowed ? 'matching ' : ''}
        {total === 1 ? 'line' : 'lines'}
      </span>
      {LOG_FORMATS.map((format) => (
        <UnstyledButton
          key={format}
          className={classes.save}
          disabled={saving}
          title={`Download as ${FORMAT_WORDS[format]}`}
          onClick={() => void save(format)}
        >
          {FORMAT_WORDS[format]}
        </UnstyledButton>
      ))}
    </div>
  );
}
