import classes from './screen.module.css';

interface Props {
  /** What is measured, for screen readers. */
  label: string;
  value: number;
  most: number;
  text: string;
  /** Whether it is jobs that take it, which run. */
  running?: boolean;
}

/** A small bar with its figures: how much of something is taken. */
export function Meter({ label, value, most, text, running = false }: Props) {
  const share = most > 0 ? Math.min(1, value / most) : 0;
  return (
    <span className={classes.meter}>
      <span
        className={classes.track}
        role="meter"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={0}
        aria-valuemax={Math.max(most, value)}
      >
        <span className={classes.fill} data-running={running || undefined} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={classes.figures}>{text}</span>
    </span>
  );
}
