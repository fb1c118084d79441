import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconLink } from '@tabler/icons-react';
import { type Copied, useCopy } from './use-copy.ts';

interface Props {
  value: Copied;
  /** What it is, as in "Copy the id". */
  label: string;
  className?: string;
  icon?: 'copy' | 'link';
  tabIndex?: number;
}

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
