import { type Schema, Validator } from '@cfworker/json-schema';
import { ErrorSchemaBuilder, type FormContextType, type RJSFSchema, type ValidatorType } from '@rjsf/utils';
import { type FormInput, findProblems, withoutGaps } from './validator.ts';

/** The form library's way to check, on top of ours. */
const libraryValidator: ValidatorType<FormInput, RJSFSchema, FormContextType> = {
  validateFormData(formData, schema) {
    const builder = new ErrorSchemaBuilder<FormInput>();
    const problems = findProblems(schemaOf(schema), withoutGaps(formData ?? {}));
    for (const { path, message } of problems) builder.addErrors(message, path);
    return {
      errors: problems.map(({ path, keyword, message }) => ({
        name: keyword,
        message,
        property: path.map((part) => `.${part}`).join(''),
        stack: `${path.join('.')} ${message}`,
      })),
      errorSchema: builder.ErrorSchema,
    };
  },
  isValid(schema, formData, rootSchema) {
    const { $defs, definitions } = rootSchema;
    return new Validator({ ...schemaOf(schema), $defs, definitions }, '2020-12', true).validate(formData).valid;
  },
  rawValidation() {
    return {};
  },
};

/** The same schema for the validator, whose type is a little narrower than the form library's. */
function schemaOf(schema: RJSFSchema): Schema {
  return Object.fromEntries(Object.entries(schema));
}

export default libraryValidator;
