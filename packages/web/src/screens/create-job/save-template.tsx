import { Button, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { JsonObject } from '../../app/graphql.ts';
import type { JobOptions } from './draft.ts';
import classes from './start-from.module.css';
import { useTemplates } from './use-templates.ts';

interface Props {
  slug: string;
  /** The name of the template that the input began with. */
  last: string;
  options: JobOptions;
  /** The input as it stands; undefined when it is no JSON. */
  input: () => JsonObject | undefined;
}

/** Keeps the input under a name, for everybody. */
export function SaveTemplate({ slug, last, options, input }: Props) {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const { save, sending } = useTemplates(slug);

  async function submit() {
    const now = input();
    if (!now) return setOpened(false);
    const wrong = await save(name, now, options);
    setProblem(wrong);
    if (wrong === undefined) setOpened(false);
  }

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => {
            setName(last);
            setProblem(undefined);
            setOpened(!opened);
          }}
        >
          Save as template
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Save as template">
        <div className={classes.save}>
          <TextInput
            label="Name of the template"
            placeholder="Nightly run"
            maxLength={100}
            data-autofocus
            data-mantine-stop-propagation="true"
            value={name}
            error={problem}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              void submit();
            }}
          />
          <p className={classes.saveHint}>Everybody can start from it. A template of the same name is replaced.</p>
          <Button variant="primary" loading={sending} disabled={name.trim() === ''} onClick={() => void submit()}>
            Save template
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
