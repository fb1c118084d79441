import { ActionIcon, Button, MultiSelect, TextInput } from '@mantine/core';
import { IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Json } from '../../app/graphql.ts';
import { ConfigFields } from '../../form/config-fields.tsx';
import { makesLoop } from '../../source/edit.ts';
import type { SourceStep } from '../../source/read.ts';
import { StepTypeIcon } from '../../step-types/icon.tsx';
import type { StepTypeInfo } from '../../step-types/use-step-types.ts';
import classes from './editor.module.css';

interface Props {
  step: SourceStep;
  steps: readonly SourceStep[];
  info: StepTypeInfo | undefined;
  onRename: (to: string) => void;
  onField: (name: 'name' | 'if', value: string | undefined) => void;
  onNeeds: (needs: string[]) => void;
  onConfig: (name: string, value: Json | undefined) => void;
  onDelete: () => void;
  onClose: () => void;
}

const KEY = /^[A-Za-z_][\w-]{0,63}$/;

/** One step of the text, as a form. */
export function StepForm({ step, steps, info, onRename, onField, onNeeds, onConfig, onDelete, onClose }: Props) {
  const others = steps.filter(({ key }) => !makesLoop(steps, step.key, key) || step.needs.includes(key));
  return (
    <section className={classes.step} aria-label={`Step ${step.key}`}>
      <div className={classes.stepHead}>
        <span className={classes.stepIcon}>
          <StepTypeIcon icon={info?.icon} />
        </span>
        <div className={classes.stepTitle}>
          <h2 className="sb-cut">{step.name ?? step.key}</h2>
          <span className="sb-mute">{info ? `${info.title} · ${step.type}` : step.type}</span>
        </div>
        <Button size="compact-sm" variant="danger" leftSection={<IconTrash size={14} />} onClick={onDelete}>
          Delete
        </Button>
        <ActionIcon aria-label="Close the step" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      {info && <p className={classes.stepAbout}>{info.description}</p>}
      <div className={classes.stepFields}>
        <KeyField key={step.key} value={step.key} taken={steps.map(({ key }) => key)} onChange={onRename} />
        <TextInput
          label="Name"
          placeholder={step.key}
          value={step.name ?? ''}
          onChange={(event) => onField('name', event.currentTarget.value || undefined)}
        />
        <MultiSelect
          label="Needs"
          placeholder={step.needs.length === 0 ? 'Nothing: it starts at once' : undefined}
          data={others.map(({ key }) => key)}
          value={step.needs}
          onChange={onNeeds}
        />
        <TextInput
          label="Only if"
          placeholder="An expression; always when empty"
          classNames={{ input: 'sb-mono' }}
          value={step.condition ?? ''}
          onChange={(event) => onField('if', event.currentTarget.value || undefined)}
        />
      </div>
      {info ? (
        <ConfigFields idPrefix="step" schema={info.configSchema} value={step.with} onChange={onConfig} />
      ) : (
        <p className={classes.stepAbout}>
          No worker offers the step type “{step.type}” now, so there is no form for it. Its text can be edited all the
          same.
        </p>
      )}
    </section>
  );
}

/** The key of a step: everything that names it is changed with it, so it is taken when it is whole. */
function KeyField({
  value,
  taken,
  onChange,
}: {
  value: string;
  taken: readonly string[];
  onChange: (to: string) => void;
}) {
  const [text, setText] = useState(value);
  const problem =
    text === value
      ? undefined
      : taken.includes(text)
        ? 'Another step has this key'
        : KEY.test(text)
          ? undefined
          : 'Letters, digits, _ and -, beginning with a letter or _';
  const take = () => {
    if (text !== value && problem === undefined) onChange(text);
  };
  return (
    <TextInput
      label="Key"
      classNames={{ input: 'sb-mono' }}
      value={text}
      error={problem}
      onChange={(event) => setText(event.currentTarget.value.trim())}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  );
}
