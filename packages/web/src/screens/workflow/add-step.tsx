import { Button, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { StepTypeIcon } from '../../step-types/icon.tsx';
import type { StepTypeInfo } from '../../step-types/use-step-types.ts';
import classes from './editor.module.css';

/** The palette of step types, to add one from. */
export function AddStep({ types, onAdd }: { types: readonly StepTypeInfo[]; onAdd: (type: StepTypeInfo) => void }) {
  const [opened, setOpened] = useState(false);
  const [search, setSearch] = useState('');
  const words = search.trim().toLowerCase();
  const found = types.filter(({ type, title, description }) =>
    [type, title, description].some((text) => text.toLowerCase().includes(words)),
  );

  function add(type: StepTypeInfo | undefined) {
    if (!type) return;
    setOpened(false);
    setSearch('');
    onAdd(type);
  }

  return (
    <Popover opened={opened} onChange={setOpened} width={360} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button leftSection={<IconPlus size={15} />} onClick={() => setOpened(!opened)}>
          Add step
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.palette} aria-label="Step types">
        <TextInput
          aria-label="Search step types"
          placeholder="Search step types"
          data-autofocus
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            // What has the focus next must not get the key.
            event.preventDefault();
            add(found[0]);
          }}
        />
        <ul className={classes.paletteList}>
          {found.map((type) => (
            <li key={type.type}>
              <UnstyledButton className={classes.paletteItem} onClick={() => add(type)}>
                <StepTypeIcon icon={type.icon} size={18} />
                <span>
                  <span className={classes.paletteName}>
                    {type.title} <span className="sb-mono sb-mute">{type.type}</span>
                  </span>
                  <span className={classes.paletteText}>{type.description}</span>
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {found.length === 0 && (
          <p className={classes.paletteNone}>
            {types.length === 0 ? 'No worker has told its step types yet.' : 'No step type matches.'}
          </p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
