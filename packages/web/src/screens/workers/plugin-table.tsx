import table from '../../app/data-table.module.css';
import { StatusChip } from '../../status/status-chip.tsx';
import type { Look } from '../../status/tone.ts';
import type { Plugin } from './documents.ts';
import classes from './screen.module.css';

function lookOf({ status, problem }: Plugin): Look {
  if (status === 'REFUSED') return { tone: 'failed', icon: 'cross', word: 'Refused' };
  if (problem !== null) return { tone: 'cancelled', icon: 'slash', word: 'Older one in use' };
  return { tone: 'completed', icon: 'check', word: 'Loaded' };
}

/** What became of each plugin on each worker; those with a problem come first and say it. */
export function PluginTable({ plugins }: { plugins: readonly Plugin[] }) {
  const sorted = plugins.toSorted((a, b) => Number(a.problem === null) - Number(b.problem === null));
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Plugin</th>
            <th scope="col">State</th>
            <th scope="col">Version</th>
            <th scope="col">Worker</th>
            <th scope="col">Step types, or what is wrong</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((plugin) => (
            <tr key={`${plugin.workerId} ${plugin.source}`}>
              <th scope="row" title={plugin.source}>
                {plugin.name}
              </th>
              <td data-label="State">
                <StatusChip look={lookOf(plugin)} />
              </td>
              <td data-label="Version">{plugin.version ?? '–'}</td>
              <td data-label="Worker">{plugin.workerName}</td>
              <td data-label="Step types">
                {plugin.problem !== null && <p className={classes.problem}>{plugin.problem}</p>}
                <span className="sb-mono sb-mute">{plugin.stepTypes.join(', ')}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
