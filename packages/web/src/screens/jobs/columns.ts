import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';

/** The columns of the list, in order, with their share of the width. */
export const COLUMNS = [
  { key: 'status', label: 'Status', width: '116px' },
  { key: 'workflow', label: 'Workflow', width: 'minmax(150px, 270px)' },
  { key: 'job', label: 'Job', width: '132px' },
  { key: 'priority', label: 'Priority', width: '76px' },
  { key: 'progress', label: 'Progress', width: 'minmax(120px, 1fr)' },
  { key: 'started', label: 'Started', width: '104px' },
  { key: 'duration', label: 'Duration', width: '84px' },
  { key: 'cost', label: 'Cost', width: '64px' },
] as const;

export type Column = (typeof COLUMNS)[number]['key'];

/** Without these a row says nothing. */
const FIXED: readonly Column[] = ['status', 'workflow', 'progress'];
export const OPTIONAL = COLUMNS.filter(({ key }) => !FIXED.includes(key));

/** Which columns this browser shows. */
export function useColumns() {
  const [hidden, setHidden] = useLocalStorage<Column[]>({
    key: 'signalbox.jobs.hidden-columns',
    defaultValue: ['priority'],
    getInitialValueInEffect: false,
  });
  const visible = useMemo(() => {
    const columns = COLUMNS.filter(({ key }) => !hidden.includes(key));
    return {
      shown: new Set<Column>(columns.map(({ key }) => key)),
      /** For grid-template-columns: the chevron before and the menu after included. */
      template: ['32px', ...columns.map(({ width }) => width), '40px'].join(' '),
    };
  }, [hidden]);
  return {
    ...visible,
    toggle: (column: Column) =>
      setHidden((now) => (now.includes(column) ? now.filter((other) => other !== column) : [...now, column])),
  };
}
