import { Button, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useBeforeUnload, useBlocker } from 'react-router';
import { useCopy } from '../../ids/use-copy.ts';
import layout from '../create-job/dialog.module.css';
import classes from './dialog.module.css';

interface Props {
  /** What it is. */
  label: string;
  secret: string;
  onClose: () => void;
  /** What it is for. */
  children: ReactNode;
}

/** A secret in the one moment in which it can be seen. Only its button leaves it, neither back nor a link; a closed tab asks first. */
export function ShownOnce({ label, secret, onClose, children }: Props) {
  const { outcome, said, copy } = useCopy(secret, 'Copy');
  const field = useRef<HTMLInputElement>(null);
  const kept = useRef(false);
  const blocker = useBlocker(() => !kept.current);
  useBeforeUnload((event) => event.preventDefault());
  useEffect(() => {
    if (blocker.state === 'blocked') blocker.reset();
  }, [blocker]);
  // The form that had the focus is gone.
  useEffect(() => field.current?.select(), []);
  return (
    <>
      <div className={`${layout.scroll} ${classes.shown}`}>
        <div className={classes.secret}>
          <TextInput
            ref={field}
            readOnly
            label={label}
            description="Keep it now: it is shown this once, and nobody can show it again."
            classNames={{ input: 'sb-mono' }}
            value={secret}
            onFocus={(event) => event.currentTarget.select()}
          />
          <Button
            variant="primary"
            leftSection={outcome === 'copied' ? <IconCheck size={15} /> : <IconCopy size={15} />}
            onClick={copy}
          >
            {said}
          </Button>
        </div>
        <div className={classes.use}>{children}</div>
        <p className="sb-hidden" role="status">
          {outcome === 'none' ? '' : said}
        </p>
      </div>
      <div className={layout.footer}>
        <Button
          className={layout.cancel}
          onClick={() => {
            kept.current = true;
            onClose();
          }}
        >
          I have kept it
        </Button>
      </div>
    </>
  );
}
