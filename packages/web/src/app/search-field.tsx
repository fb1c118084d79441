import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

const SETTLED_AFTER = 250;

interface Props {
  /** Of the field; the page's key for it looks for this. */
  id: string;
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** The search of a list. What is typed shows at once; the list is asked when typing pauses. */
export function SearchField({ id, label, placeholder, value, onChange }: Props) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const tell = useDebouncedCallback((next: string) => {
    told.current = next;
    onChange(next);
  }, SETTLED_AFTER);
  // The URL changed by another way: a tab, a cleared filter, the browser's back.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);

  function type(next: string) {
    setTyped(next);
    tell(next);
  }

  return (
    <TextInput
      id={id}
      w={230}
      size="xs"
      h={30}
      styles={{ input: { height: 30, minHeight: 30 } }}
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      leftSection={<IconSearch size={14} />}
      rightSection={
        typed === '' ? (
          <kbd className="sb-key">/</kbd>
        ) : (
          <CloseButton size={20} aria-label="Clear the search" onClick={() => type('')} />
        )
      }
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (typed === '') event.currentTarget.blur();
        else type('');
      }}
    />
  );
}
