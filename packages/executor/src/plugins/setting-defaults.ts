import type { ObjectSchema } from '@signalbox/plugin-sdk';

/** Values of settings that a step type may take as the default of one of its own fields, by the setting's name. */
export type SettingDefaults = Readonly<Record<string, string>>;

/**
 * A field of a config schema that names a setting in `x-default-from` gets that setting's value as its default, so that a
 * worker's default model, say, is what forms show and what a step that names none runs with.
 */
export function withSettingDefaults(schema: ObjectSchema, settings: SettingDefaults): ObjectSchema {
  const properties = schema.properties;
  if (typeof properties !== 'object' || properties === null) return schema;
  const filled = Object.entries(properties).map(([name, field]: [string, unknown]): [string, unknown] => {
    const setting =
      typeof field === 'object' && field !== null && 'x-default-from' in field ? field['x-default-from'] : undefined;
    const value = typeof setting === 'string' ? settings[setting] : undefined;
    return [name, value === undefined ? field : { ...(field as object), default: value }];
  });
  return { ...schema, properties: Object.fromEntries(filled) };
}
