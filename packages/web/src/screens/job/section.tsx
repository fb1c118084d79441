import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './json-section.module.css';

interface Props {
  title: string;
  /** Stands beside the title. */
  note?: ReactNode;
  /** Made, and read, when the section is opened and not before. */
  children: ReactNode;
}

/** A named part of the job's facts that opens at a click. */
export function Section({ title, note, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        <h2 className={classes.title}>
          <UnstyledButton className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
            {title}
            <IconChevronRight size={13} data-open={open || undefined} />
          </UnstyledButton>
        </h2>
        {note !== undefined && <span className="sb-mute">{note}</span>}
      </div>
      {open && <div className={classes.value}>{children}</div>}
    </section>
  );
}
