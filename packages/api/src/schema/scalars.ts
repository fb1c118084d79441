import { GraphQLBigInt, GraphQLDateTimeISO, GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import { builder } from '../builder.ts';

builder.addScalarType('DateTime', GraphQLDateTimeISO, {
  description: 'A moment as ISO 8601 text in UTC with milliseconds, such as 2026-11-21T09:30:00.000Z.',
});

builder.addScalarType('JSON', GraphQLJSON, { description: 'Any JSON value.' });

builder.addScalarType('JSONObject', GraphQLJSONObject, { description: 'A JSON object.' });

builder.addScalarType('BigInt', GraphQLBigInt, {
  description:
    'An exact whole number: a JSON number up to 9007199254740991 (2^53 - 1) either way, a string of digits beyond, so that no client rounds it.',
});
