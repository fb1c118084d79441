import { type MouseEvent, useEffect, useState } from 'react';

/** What is copied; a function is asked for it at the click and may take its time. */
export type Copied = string | (() => Promise<string>);

type Outcome = 'none' | 'copied' | 'failed';

/** Copies when it is clicked, and has words for what it does and for what came of it. */
export function useCopy(value: Copied, label: string) {
  const [outcome, setOutcome] = useState<Outcome>('none');
  useEffect(() => {
    if (outcome === 'none') return;
    const timer = setTimeout(() => setOutcome('none'), 1500);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function write() {
    try {
      await copyText(value);
      setOutcome('copied');
    } catch {
      setOutcome('failed');
    }
  }

  return {
    outcome,
    said: { none: label, copied: 'Copied', failed: 'The browser did not let it be copied' }[outcome],
    copy: (event: MouseEvent) => {
      event.stopPropagation();
      void write();
    },
  };
}

/** A text that comes later must be handed over as a promise, or the browser forgets that there was a click. */
async function copyText(value: Copied): Promise<void> {
  if (typeof value === 'string') return navigator.clipboard.writeText(value);
  const blob = value().then((text) => new Blob([text], { type: 'text/plain' }));
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}
