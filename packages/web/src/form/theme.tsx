import { Button, Checkbox } from '@mantine/core';
import { type ThemeProps, withTheme } from '@rjsf/core';
import MantineInput from '@rjsf/mantine/lib/templates/BaseInputTemplate.js';
import templates from '@rjsf/mantine/lib/templates/index.js';
import CheckboxesWidget from '@rjsf/mantine/lib/widgets/CheckboxesWidget.js';
import PasswordWidget from '@rjsf/mantine/lib/widgets/PasswordWidget.js';
import RadioWidget from '@rjsf/mantine/lib/widgets/RadioWidget.js';
import RangeWidget from '@rjsf/mantine/lib/widgets/RangeWidget.js';
import SelectWidget from '@rjsf/mantine/lib/widgets/SelectWidget.js';
import TextareaWidget from '@rjsf/mantine/lib/widgets/TextareaWidget.js';
import type {
  ArrayFieldTitleProps,
  BaseInputTemplateProps,
  DescriptionFieldProps,
  FormContextType,
  IconButtonProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
  TitleFieldProps,
  WidgetProps,
} from '@rjsf/utils';
import { IconPlus } from '@tabler/icons-react';
import classes from './schema-fields.module.css';
import type { FormInput } from './validator.ts';

/** The fields of an object one below the other; an object inside another is set apart by a line. */
function ObjectFields({ title, description, properties, fieldPathId, required }: ObjectFieldTemplateProps) {
  const nested = fieldPathId.path.length > 0;
  const fields = properties.map(({ name, content, hidden }) => (hidden ? null : <div key={name}>{content}</div>));
  if (!nested) return <div className={classes.fields}>{fields}</div>;
  return (
    <fieldset className={classes.nested} id={fieldPathId.$id}>
      <legend className={classes.legend}>
        {title}
        {required && <span className={classes.required}> *</span>}
      </legend>
      {description && <p className={classes.description}>{description}</p>}
      <div className={classes.fields}>{fields}</div>
    </fieldset>
  );
}

function FieldTitle({ id, title }: TitleFieldProps) {
  return (
    <span id={id} className={classes.legend}>
      {title}
    </span>
  );
}

function ListTitle({ title }: ArrayFieldTitleProps) {
  return title ? <span className={classes.legend}>{title}</span> : null;
}

function FieldDescription({ id, description }: DescriptionFieldProps) {
  return description ? (
    <p id={id} className={classes.description}>
      {description}
    </p>
  ) : null;
}

function AddEntry({ onClick, disabled }: IconButtonProps) {
  return (
    <Button size="compact-sm" leftSection={<IconPlus size={14} />} onClick={onClick} disabled={disabled}>
      Add
    </Button>
  );
}

/** An empty field is an empty text to the browser, and a missing value to the input. */
function Input(props: BaseInputTemplateProps) {
  return <MantineInput {...props} value={props.value ?? ''} />;
}

/** The browser's own fields for dates and times: no calendar to load, and known to everybody. */
function DateInput(props: WidgetProps) {
  return <Input {...props} type="date" />;
}

function TimeInput(props: WidgetProps) {
  return <Input {...props} type="time" />;
}

function Tick({ id, label, schema, value, required, disabled, readonly, rawErrors, onChange, options }: WidgetProps) {
  return (
    <Checkbox
      id={id}
      size="xs"
      label={label}
      description={options.description ?? schema.description}
      required={required}
      disabled={disabled || readonly}
      checked={value === true}
      error={rawErrors?.join('\n')}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

const theme: ThemeProps<FormInput, RJSFSchema, FormContextType> = {
  templates: {
    ...templates,
    BaseInputTemplate: Input,
    ObjectFieldTemplate: ObjectFields,
    TitleFieldTemplate: FieldTitle,
    ArrayFieldTitleTemplate: ListTitle,
    DescriptionFieldTemplate: FieldDescription,
    ButtonTemplates: { ...templates.ButtonTemplates, AddButton: AddEntry },
  },
  widgets: {
    CheckboxesWidget,
    CheckboxWidget: Tick,
    PasswordWidget,
    RadioWidget,
    RangeWidget,
    SelectWidget,
    TextareaWidget,
    DateWidget: DateInput,
    TimeWidget: TimeInput,
  },
};

/** The form library in our clothes. */
export const ThemedForm = withTheme<FormInput, RJSFSchema, FormContextType>(theme);
