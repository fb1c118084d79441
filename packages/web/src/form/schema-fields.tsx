import '../app/choices.css';
import './schema-fields.css';
import libraryValidator from './library-validator.ts';
import classes from './schema-fields.module.css';
import { ThemedForm } from './theme.tsx';
import type { InputDraft } from './use-input-draft.ts';

/** The fields that a JSON Schema asks for, with what is wrong at each. The form around them has the button. */
export function SchemaFields({ draft }: { draft: InputDraft }) {
  return (
    <ThemedForm
      className={classes.root}
      tagName="div"
      idPrefix={draft.idPrefix}
      schema={draft.schema}
      validator={libraryValidator}
      formData={draft.values}
      extraErrors={draft.issues.fields}
      showErrorList={false}
      noHtml5Validate
      noValidate
      onChange={({ formData }) => draft.changeValues(formData ?? {})}
      uiSchema={{ 'ui:submitButtonOptions': { norender: true } }}
    />
  );
}
