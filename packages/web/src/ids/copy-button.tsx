import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconLink } from '@tabler/icons-react';
import { type MouseEvent, useEffect, useState } from 'react';
import { IconButton } from '../app/icon-button.tsx';

interface Props {
  /** What is copied; a function is asked for it at the click and may take its time. */
  value: string | (() => Promise<string>);
  /** What it is, as in "Copy the id". */
  label: string;
  className?: string;
  icon?: 'copy' | 'link';
  tabIndex?: number;
}

type Outcome = 'none' | 'copied' | 'failed';

/** Copies a text and says whether it worked. */
export function CopyButton({ value, label, className, icon = 'copy', tabIndex }: Props) {
  const { outcome, said, copy } = useCopy(value, label);
  const Icon = outcome === 'copied' ? IconCheck : icon === 'link' ? IconLink : IconCopy;
  return (
    <Tooltip label={said} opened={outcome === 'none' ? undefined : true}>
      <ActionIcon aria-label={said} className={className} size={22} tabIndex={tabIndex} onClick={copy}>
        <Icon size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

/** The same for a list of many rows. */
export function LightCopyButton({ value, label, className, tabIndex }: Props) {
  const { outcome, said, copy } = useCopy(value, label);
  return (
    <IconButton aria-label={said} title={said} className={className} tabIndex={tabIndex} onClick={copy}>
      {outcome === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />}
    </IconButton>
  );
}

function useCopy(value: Props['value'], label: string) {
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
async function copyText(value: Props['value']): Promise<void> {
  if (typeof value === 'string') return navigator.clipboard.writeText(value);
  const blob = value().then((text) => new Blob([text], { type: 'text/plain' }));
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}
