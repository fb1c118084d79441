import { useState } from 'react';

/** Which rows of a table show more. */
export function useOpened() {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());

  function toggle(id: string): void {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  }

  return { opened, toggle };
}
