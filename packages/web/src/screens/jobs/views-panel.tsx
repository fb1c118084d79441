import { ActionIcon, Button, Checkbox, Skeleton, TextInput, Tooltip } from '@mantine/core';
import { IconHome, IconPencil, IconTrash, IconUsers } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { ButtonPopover } from '../../app/button-popover.tsx';
import { describeError } from '../../app/failure.ts';
import type { Opener } from '../../app/opens-late.tsx';
import type { Columns } from './columns.ts';
import { columnsOf, listToSave, viewOf } from './saved-view.ts';
import type { SavedView } from './saved-view-documents.ts';
import { useStart } from './start-view.ts';
import { useSavedViews } from './use-saved-views.ts';
import type { ListView } from './view.ts';
import { writeView } from './view.ts';
import classes from './views.module.css';

export interface ViewsProps {
  view: ListView;
  columns: Columns;
}

export default function ViewsPanel({ button, ...props }: ViewsProps & Opener) {
  return (
    <ButtonPopover button={button} label="Views" padding="sm">
      {(close) => <ViewsList {...props} onClose={close} />}
    </ButtonPopover>
  );
}

/** The kept lists: open one, keep the present one, rename, share, delete, or begin with one. */
function ViewsList({ view, columns, onClose }: ViewsProps & { onClose: () => void }) {
  const { views, error, save, rename, remove } = useSavedViews();
  const [start, setStart] = useStart();
  const [renaming, setRenaming] = useState<string>();
  const here = writeView(new URLSearchParams(), view).toString();

  function entry(saved: SavedView) {
    const search = writeView(new URLSearchParams(), viewOf(saved, view.over)).toString();
    const begins = search !== '' && start === search;
    if (renaming === saved.id) {
      return (
        <NameForm
          label={`New name of ${saved.name}`}
          name={saved.name}
          submit="Rename"
          onSubmit={async (name) => {
            if (await rename(saved.id, name)) setRenaming(undefined);
          }}
        />
      );
    }
    return (
      <>
        <Link
          className={classes.name}
          to={{ pathname: '/jobs', search }}
          aria-current={search === here ? 'true' : undefined}
          onClick={() => {
            const chosen = columnsOf(saved);
            if (chosen.length > 0) columns.show(chosen);
            onClose();
          }}
        >
          <span className="sb-cut">{saved.name}</span>
          {saved.shared && (
            <span className={classes.owner}>
              <IconUsers size={12} aria-hidden="true" /> {saved.mine ? 'shared' : saved.owner}
            </span>
          )}
        </Link>
        <Act
          label={begins ? `Do not begin with ${saved.name}` : `Begin with ${saved.name}`}
          pressed={begins}
          icon={<IconHome size={14} />}
          onClick={() => setStart(begins ? '' : search)}
        />
        {saved.mine && (
          <>
            <Act
              label={saved.shared ? `Stop sharing ${saved.name}` : `Share ${saved.name} with everybody`}
              pressed={saved.shared}
              icon={<IconUsers size={14} />}
              onClick={() =>
                void save(saved.name, !saved.shared, listToSave(viewOf(saved, view.over), columnsOf(saved)))
              }
            />
            <Act label={`Rename ${saved.name}`} icon={<IconPencil size={14} />} onClick={() => setRenaming(saved.id)} />
            <Act label={`Delete ${saved.name}`} icon={<IconTrash size={14} />} onClick={() => void remove(saved.id)} />
          </>
        )}
      </>
    );
  }

  return (
    <div className={classes.root}>
      {!views && !error && <Skeleton height={64} />}
      {!views && error && <p className="sb-mute">{describeError(error).title}</p>}
      {views?.length === 0 && (
        <p className="sb-mute">No list is kept yet. Filter and sort this one, and give it a name.</p>
      )}
      {views && views.length > 0 && (
        <ul className={classes.list} aria-label="Kept lists">
          {views.map((saved) => (
            <li key={saved.id}>{entry(saved)}</li>
          ))}
        </ul>
      )}
      <NameForm
        label="Keep this list as"
        name=""
        submit="Keep"
        sharing
        onSubmit={async (name, shared) => {
          await save(
            name,
            shared,
            listToSave(
              view,
              columns.shown.map(({ key }) => key),
            ),
          );
        }}
      />
    </div>
  );
}

interface ActProps {
  label: string;
  icon: ReactNode;
  pressed?: boolean;
  onClick: () => void;
}

function Act({ label, icon, pressed, onClick }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={24} aria-label={label} aria-pressed={pressed} className={classes.act} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

interface NameFormProps {
  label: string;
  name: string;
  submit: string;
  sharing?: boolean;
  onSubmit: (name: string, shared: boolean) => Promise<void>;
}

function NameForm({ label, name: first, submit, sharing = false, onSubmit }: NameFormProps) {
  const [name, setName] = useState(first);
  const [shared, setShared] = useState(false);

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (name.trim() === '') return;
    await onSubmit(name.trim(), shared);
    setName('');
  }

  return (
    <form className={classes.form} onSubmit={(event) => void send(event)}>
      <TextInput
        size="xs"
        className={classes.field}
        aria-label={label}
        placeholder={label}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" disabled={name.trim() === ''}>
        {submit}
      </Button>
      {sharing && (
        <Checkbox
          size="xs"
          className={classes.sharing}
          label="Everybody sees it"
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
      )}
    </form>
  );
}
