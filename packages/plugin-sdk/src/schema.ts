/**
 * JSON Schema 2020-12 for an object.
 *
 * @example
 * const config: ObjectSchema = {
 *   type: 'object',
 *   additionalProperties: false,
 *   required: ['text'],
 *   properties: { text: { type: 'string', title: 'Text', description: 'What is said.' } },
 * };
 */
export type ObjectSchema = { type: 'object'; [keyword: string]: unknown };
