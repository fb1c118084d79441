import { Link } from 'react-router';
import { type Counts, sumOf } from '../../app/counts.ts';
import { StatusIcon } from '../../status/status-icon.tsx';
import { JOB_LOOKS } from '../../status/tone.ts';
import classes from './tabs.module.css';
import { readView, TABS, type Tab, writeView } from './view.ts';

interface Props {
  tab: Tab;
  counts: Counts | undefined;
  params: URLSearchParams;
}

/** The list by status, with how many jobs there are of each under the present filter. */
export function Tabs({ tab, counts, params }: Props) {
  return (
    <nav className={classes.tabs} aria-label="Jobs by status">
      {TABS.map(({ key, label, statuses }) => {
        const count = sumOf(counts, statuses);
        return (
          <Link
            key={key}
            className={classes.tab}
            aria-current={key === tab ? 'page' : undefined}
            to={{ search: writeView(params, { ...readView(params), tab: key }).toString() }}
          >
            {key !== 'all' && (
              <span className={classes.icon} data-tone={(count ?? 0) > 0 ? JOB_LOOKS[statuses[0]].tone : undefined}>
                <StatusIcon icon={JOB_LOOKS[statuses[0]].icon} size={13} />
              </span>
            )}
            {label}
            <span className={classes.count}>{count === undefined ? ' ' : count.toLocaleString('en')}</span>
          </Link>
        );
      })}
    </nav>
  );
}
