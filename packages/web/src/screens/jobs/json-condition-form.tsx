import { Button, Fieldset, NativeSelect, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { type JsonCondition, kindOf, MATCH_WORDS, type MatchKind, needsValue } from './json-match.ts';
import classes from './menus.module.css';

const KINDS: readonly MatchKind[] = ['contains', 'is', 'exists', 'missing'];

/** A condition on the input or the output of jobs, to be added to the others. */
export function JsonConditionForm({ onAdd }: { onAdd: (condition: JsonCondition) => void }) {
  const [part, setPart] = useState<JsonCondition['part']>('input');
  const [path, setPath] = useState('');
  const [kind, setKind] = useState<MatchKind>('contains');
  const [value, setValue] = useState('');
  const complete = path.trim() !== '' && (!needsValue(kind) || value !== '');

  function add(): void {
    if (!complete) return;
    // A name alone is meant as one at the top.
    onAdd({ part, path: path.startsWith('/') ? path.trim() : `/${path.trim()}`, kind, value });
    setPath('');
    setValue('');
  }

  function press(event: KeyboardEvent): void {
    if (event.key === 'Enter') add();
  }

  return (
    <Fieldset legend="In the input or the output" variant="unstyled" className={classes.condition}>
      <NativeSelect
        size="xs"
        aria-label="Where"
        data={[
          { value: 'input', label: 'Input' },
          { value: 'output', label: 'Output' },
        ]}
        value={part}
        onChange={(event) => setPart(event.currentTarget.value === 'output' ? 'output' : 'input')}
      />
      <TextInput
        size="xs"
        aria-label="Place"
        placeholder="/items/0/price"
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        onKeyDown={press}
      />
      <NativeSelect
        size="xs"
        aria-label="How"
        data={KINDS.map((key) => ({ value: key, label: MATCH_WORDS[key] }))}
        value={kind}
        onChange={(event) => setKind(kindOf(event.currentTarget.value) ?? 'contains')}
      />
      <TextInput
        size="xs"
        aria-label="Value"
        placeholder="a text or JSON"
        disabled={!needsValue(kind)}
        value={needsValue(kind) ? value : ''}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={press}
      />
      <Button className={classes.add} disabled={!complete} onClick={add}>
        Add
      </Button>
    </Fieldset>
  );
}
