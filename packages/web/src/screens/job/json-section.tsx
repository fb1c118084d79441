import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { Json } from '../../app/graphql.ts';
import { CopyButton } from '../../ids/copy-button.tsx';
import { JsonView } from '../../json/json-view.tsx';
import classes from './json-section.module.css';

interface Props {
  title: string;
  value: Json;
  /** Said instead of the value when there is none. */
  absent?: string | false;
}

/** A named JSON value that folds away, with a button that copies it. */
export function JsonSection({ title, value, absent }: Props) {
  const [open, setOpen] = useState(true);
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        {absent ? (
          <>
            <h2 className={classes.title}>{title}</h2>
            <span className="sb-mute">{absent}</span>
          </>
        ) : (
          <>
            <h2 className={classes.title}>
              <UnstyledButton className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
                {title}
                <IconChevronRight size={13} data-open={open || undefined} />
              </UnstyledButton>
            </h2>
            <CopyButton value={JSON.stringify(value, null, 2)} label={`Copy the ${title.toLowerCase()}`} />
          </>
        )}
      </div>
      {!absent && open && (
        <div className={classes.value}>
          <JsonView value={value} />
        </div>
      )}
    </section>
  );
}
