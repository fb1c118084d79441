import {
  IconBan,
  IconBolt,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerTrackNext,
  IconRefresh,
  IconRepeat,
  IconTrash,
} from '@tabler/icons-react';
import type { OfferedAction } from './actions.ts';

export const ACTION_ICONS: Record<OfferedAction, typeof IconBan> = {
  START: IconPlayerPlay,
  PAUSE: IconPlayerPause,
  RESUME: IconPlayerTrackNext,
  RETRY: IconRefresh,
  CANCEL: IconBan,
  FORCE_CANCEL: IconBolt,
  RERUN: IconRepeat,
  DELETE: IconTrash,
};
