import { useLocalStorage } from '@mantine/hooks';

/** How log lines are drawn, as this browser likes them. */
export interface LogDisplay {
  wrap: boolean;
  numbers: boolean;
  /** The time since the job began, the time of day, or none. */
  time: 'offset' | 'clock' | 'none';
}

export function useLogDisplay() {
  const [display, setDisplay] = useLocalStorage<LogDisplay>({
    key: 'signalbox.log.display',
    defaultValue: { wrap: true, numbers: false, time: 'offset' },
    getInitialValueInEffect: false,
  });
  return { display, change: (part: Partial<LogDisplay>) => setDisplay((now) => ({ ...now, ...part })) };
}
