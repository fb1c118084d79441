import classes from './gantt.module.css';
import { ticksOf } from './time-axis.ts';
import { percentAt, type TimeWindow } from './time-window.ts';

interface Props {
  shown: TimeWindow;
  /** The moment that times count from. */
  since: number;
  /** Pixels there are for it. */
  width: number;
}

/** The marks of the time, and the fine lines below them. */
export function GanttAxis({ shown, since, width }: Props) {
  const ticks = ticksOf(shown, since, Math.max(2, Math.floor(width / 84)));
  return (
    <div className={classes.axis} data-axis aria-hidden="true">
      {ticks.map(({ at, text }) => {
        const left = percentAt(at, shown);
        return (
          <span key={at} className={classes.tick} style={{ left: `${left}%` }} data-late={left > 92 || undefined}>
            {text}
          </span>
        );
      })}
    </div>
  );
}
