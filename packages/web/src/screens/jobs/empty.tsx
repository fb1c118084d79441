import { Button } from '@mantine/core';
import { IconFilterOff, IconStack2 } from '@tabler/icons-react';
import { Message } from '../../app/message.tsx';
import { useCreateDialog } from '../create-job/use-create-dialog.ts';
import classes from './empty.module.css';
import { TABS, type Tab } from './view.ts';

interface Props {
  tab: Tab;
  filtered: boolean;
  /** How many jobs match in all tabs together. */
  anywhere: number | undefined;
  onClear: () => void;
}

/** Why the list shows nothing, and what to do about it. */
export function Empty({ tab, filtered, anywhere, onClear }: Props) {
  const create = useCreateDialog();
  const label = TABS.find(({ key }) => key === tab)?.label.toLowerCase();
  const newJob = (
    <Button variant="primary" onClick={() => create.open()}>
      New job
    </Button>
  );
  return (
    <div className={classes.empty}>
      {filtered ? (
        <Message
          icon={<IconFilterOff size={22} />}
          title={tab === 'all' ? 'No job matches' : `No ${label} job matches`}
          actions={<Button onClick={onClear}>Clear search and filters</Button>}
        >
          {tab !== 'all' && anywhere !== undefined && anywhere > 0 && `${anywhere} in the other tabs do.`}
        </Message>
      ) : tab === 'all' ? (
        <Message icon={<IconStack2 size={22} />} title="No jobs yet" actions={newJob}>
          A job is one run of a workflow. Choose a workflow, fill in its form and watch it run here.
        </Message>
      ) : (
        <Message icon={<IconStack2 size={22} />} title={`No ${label} jobs`} actions={newJob}>
          They appear here by themselves.
        </Message>
      )}
    </div>
  );
}
