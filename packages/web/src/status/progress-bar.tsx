import classes from './status.module.css';
import type { Tone } from './tone.ts';

interface Props {
  /** 0 to 100. */
  percent: number;
  tone: Tone;
  /** What it is the progress of, for screen readers. */
  label: string;
  width?: number | string;
}

export function ProgressBar({ percent, tone, label, width = '100%' }: Props) {
  const value = Math.min(100, Math.max(0, percent));
  return (
    <div
      className={classes.bar}
      data-tone={tone}
      style={{ width }}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value)}
    >
      <div className={classes.fill} style={{ width: `${value}%` }} />
    </div>
  );
}
