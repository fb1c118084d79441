import '../app/choices.css';
import './schema-fields.css';
import { useMemo } from 'react';
import type { Json, JsonObject } from '../app/graphql.ts';
import { useStable } from '../app/use-stable.ts';
import libraryValidator from './library-validator.ts';
import classes from './schema-fields.module.css';
import { schemaForForm, withoutEmpty } from './step-schema.ts';
import { ThemedForm } from './theme.tsx';

interface Props {
  idPrefix: string;
  schema: JsonObject;
  value: JsonObject;
  onChange: (name: string, value: Json | undefined) => void;
}

/** The fields of a step's configuration, made from the schema of its type alone. It tells of each field that changes. */
export function ConfigFields({ idPrefix, schema, value, onChange }: Props) {
  const { $schema: _, ...shown } = useStable(schemaForForm(schema, value));
  const ui = useMemo(() => ({ 'ui:submitButtonOptions': { norender: true } }), []);
  return (
    <ThemedForm
      className={classes.root}
      tagName="div"
      idPrefix={idPrefix}
      schema={shown}
      validator={libraryValidator}
      formData={value}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults' }}
      showErrorList={false}
      noHtml5Validate
      noValidate
      uiSchema={ui}
      onChange={({ formData }) => {
        const next = withoutEmpty(value, formData ?? {});
        for (const name of new Set([...Object.keys(value), ...Object.keys(next)])) {
          if (JSON.stringify(value[name]) !== JSON.stringify(next[name])) onChange(name, next[name]);
        }
      }}
    />
  );
}
