import { IconBan, IconBolt, IconPlayerPlay, IconRepeat, IconTrash } from '@tabler/icons-react';
import type { OfferedAction } from './actions.ts';

export const ACTION_ICONS: Record<OfferedAction, typeof IconBan> = {
  START: IconPlayerPlay,
  CANCEL: IconBan,
  FORCE_CANCEL: IconBolt,
  RERUN: IconRepeat,
  DELETE: IconTrash,
};
