import { DataTable } from '../../app/data-table.tsx';
import { StatusChip } from '../../status/status-chip.tsx';
import type { Look } from '../../status/tone.ts';
import type { Plugin } from './documents.ts';
import classes from './screen.module.css';

function lookOf({ status, problem }: Plugin): Look {
  if (status === 'REFUSED') return { tone: 'failed', icon: 'cross', word: 'Refused' };
  if (problem !== null) return { tone: 'cancelled', icon: 'slash', word: 'Older one in use' };
  return { tone: 'completed', icon: 'check', word: 'Loaded' };
}

const HEADS = ['Plugin', 'State', 'Version', 'Worker', 'Step types, or what is wrong'];

/** What became of each plugin on each worker; those with a problem come first and say it. */
export function PluginTable({ plugins }: { plugins: readonly Plugin[] }) {
  const sorted = plugins.toSorted((a, b) => Number(a.problem === null) - Number(b.problem === null));
  return (
    <DataTable heads={HEADS}>
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
    </DataTable>
  );
}
