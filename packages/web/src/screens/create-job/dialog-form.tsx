import { Button } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import classes from './dialog.module.css';

interface Props {
  /** What the button says that sends it. */
  submit: string;
  sending: boolean;
  failure: string | undefined;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  /** What stands beside the buttons. */
  aside?: ReactNode;
  ref?: Ref<HTMLFormElement>;
  children: ReactNode;
}

const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

/** A dialog's fields, which scroll, above the buttons, which stay. Ctrl or Command with Enter sends it from any field. */
export function DialogForm({ submit, sending, failure, onSubmit, onClose, aside, ref, children }: Props) {
  return (
    <form
      ref={ref}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        // A field may only take what was typed into it with this very key: first it is to have it.
        const form = event.currentTarget;
        requestAnimationFrame(() => form.requestSubmit());
      }}
    >
      <div className={classes.scroll}>{children}</div>
      <div className={classes.footer}>
        {failure !== undefined && (
          <p className={classes.failure} role="alert">
            {failure}
          </p>
        )}
        {aside}
        <Button className={classes.cancel} onClick={onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="primary"
          loading={sending}
          rightSection={<kbd className="sb-key">{modifier} ↵</kbd>}
        >
          {submit}
        </Button>
      </div>
    </form>
  );
}
