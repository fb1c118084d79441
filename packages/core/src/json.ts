/** Values that survive JSON unchanged. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
/** JSON Schema 2020-12 for an object. */
export type ObjectSchema = { type: 'object'; [keyword: string]: unknown };
