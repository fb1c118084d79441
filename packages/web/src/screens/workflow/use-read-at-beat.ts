import { useEffect, useEffectEvent, useRef } from 'react';

/** Reads again whenever the beat goes on: any job has changed, and with it how workflows do. */
export function useReadAtBeat(beat: number, read: () => void): void {
  const seen = useRef(beat);
  const again = useEffectEvent(read);
  useEffect(() => {
    if (seen.current === beat) return;
    seen.current = beat;
    again();
  }, [beat]);
}
