import { useEffect, useState } from 'react';

/** Whether something has changed within the last so many milliseconds; at first it has. */
export function useLately(value: number, within: number): boolean {
  const [settled, setSettled] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), within);
    return () => clearTimeout(timer);
  }, [value, within]);
  return value !== settled;
}
