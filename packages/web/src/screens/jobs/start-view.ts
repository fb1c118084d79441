import { useLocalStorage } from '@mantine/hooks';

const KEY = 'signalbox.jobs.start';

/** The parameters of the list that this browser opens at the start; empty for the list as it is. */
export function readStart(): string {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '""');
    return typeof kept === 'string' ? kept : '';
  } catch {
    return '';
  }
}

export function useStart() {
  return useLocalStorage({ key: KEY, defaultValue: '', getInitialValueInEffect: false });
}
