import {
  IconArrowForwardUp,
  IconBan,
  IconCheck,
  IconCircle,
  IconClock,
  IconHourglass,
  IconPlayerPause,
  IconX,
} from '@tabler/icons-react';
import classes from './status.module.css';
import type { IconName } from './tone.ts';

const ICONS = {
  clock: IconClock,
  hourglass: IconHourglass,
  pause: IconPlayerPause,
  check: IconCheck,
  cross: IconX,
  slash: IconBan,
  past: IconArrowForwardUp,
  circle: IconCircle,
};

/** The drawing of a status. It says nothing to a screen reader: a word always stands beside it. */
export function StatusIcon({ icon, size = 14 }: { icon: IconName; size?: number }) {
  if (icon === 'spinner') {
    return (
      <svg className={classes.spinner} width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true">
        <path d="M8 2.2 A5.8 5.8 0 1 1 2.2 8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      </svg>
    );
  }
  const Icon = ICONS[icon];
  return <Icon size={size} stroke={icon === 'check' || icon === 'cross' ? 2.6 : 2.1} aria-hidden="true" />;
}
