import { Dialog } from '../../app/dialog.tsx';
import '../../app/choices.css';
import '@mantine/core/styles/NumberInput.layer.css';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import layout from '../create-job/dialog.module.css';
import type { Schedule } from './documents.ts';
import { ScheduleForm } from './schedule-form.tsx';

interface Props {
  /** The one to change; a new one is made when it is undefined. */
  schedule: Schedule | undefined;
}

/** Makes a schedule or changes one. */
export default function ScheduleDialog({ schedule }: Props) {
  const { edits, beginsWith, close } = useDialogPlace();
  const missing = edits !== undefined && schedule === undefined;
  return (
    <Dialog
      onClose={close}
      closeOnClickOutside={missing}
      title={edits === undefined ? 'New schedule' : 'Edit the schedule'}
      size={660}
      classNames={{ body: layout.body, content: layout.content, header: layout.header }}
    >
      {missing ? (
        <p className={layout.scroll}>There is no such schedule any more. Somebody may have deleted it.</p>
      ) : (
        <ScheduleForm schedule={schedule} workflow={beginsWith} onClose={close} />
      )}
    </Dialog>
  );
}
