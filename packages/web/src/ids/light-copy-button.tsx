import { IconCheck, IconCopy } from '@tabler/icons-react';
import { IconButton } from '../app/icon-button.tsx';
import { useCopy } from './use-copy.ts';

interface Props {
  value: string;
  /** What it is, as in "Copy the id". */
  label: string;
  className?: string;
  tabIndex?: number;
}

/** Copies a text, for a list of many rows. */
export function LightCopyButton({ value, label, className, tabIndex }: Props) {
  const { outcome, said, copy } = useCopy(value, label);
  return (
    <IconButton aria-label={said} title={said} className={className} tabIndex={tabIndex} onClick={copy}>
      {outcome === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />}
    </IconButton>
  );
}
