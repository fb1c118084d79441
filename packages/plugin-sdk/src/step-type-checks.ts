import { isDeepStrictEqual } from 'node:util';
import { shown, unknownFields } from './field-problems.ts';
import { isRecord } from './is-record.ts';

export interface StepTypeCheck {
  name: string;
  /** What is wrong and what to do, or false. */
  problem: string | false | undefined;
}

const FIELDS = ['type', 'title', 'description', 'icon', 'config', 'output', 'repeatable', 'uses', 'run'];
const BARE_WORD = /^[a-z][a-z0-9_-]*$/;
const VENDOR_AND_NAME = /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/;
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** @param builtIn bare words are allowed as type. */
export function stepTypeChecks(stepType: unknown, index: number, builtIn: boolean): StepTypeCheck[] {
  if (!isRecord(stepType)) {
    return [
      { name: `stepTypes[${index}] is an object`, problem: `It is ${shown(stepType)}; use defineStepType({ … }).` },
    ];
  }
  const { type, config, output } = stepType;
  const about = (sentence: string, problem: StepTypeCheck['problem']): StepTypeCheck => ({
    name: `${typeof type === 'string' ? type : `stepTypes[${index}]`}: ${sentence}`,
    problem,
  });
  return [
    about('the type is named vendor.name', typeProblem(type, builtIn)),
    about('the title says what it is', textProblem('title', stepType.title)),
    about('the description says what it does', textProblem('description', stepType.description)),
    about('the icon is a name or absent', kindProblem('icon', stepType.icon, 'string')),
    about('the config schema describes an object', schemaProblem('config', config)),
    about(
      'the output schema describes an object or is absent',
      output !== undefined && schemaProblem('output', output),
    ),
    about('repeatable is true, false or absent', kindProblem('repeatable', stepType.repeatable, 'boolean')),
    about('uses is a function or absent', kindProblem('uses', stepType.uses, 'function')),
    about('run is a function', typeof stepType.run !== 'function' && 'Give it run(ctx), an async function.'),
    about('it has no unknown fields', unknownFields(stepType, FIELDS)),
  ];
}

function typeProblem(type: unknown, builtIn: boolean): string | false {
  if (typeof type === 'string' && (VENDOR_AND_NAME.test(type) || (builtIn && BARE_WORD.test(type)))) return false;
  return `type is ${shown(type)}; write it as vendor.name in lower case, such as "acme.shout".`;
}

function textProblem(field: string, value: unknown): string | false {
  return !(typeof value === 'string' && value.trim() !== '') && `${field} is ${shown(value)}; give a text.`;
}

function kindProblem(field: string, value: unknown, kind: 'string' | 'boolean' | 'function'): string | false {
  return value !== undefined && typeof value !== kind && `${field} is ${shown(value)}; give a ${kind} or leave it out.`;
}

function schemaProblem(field: string, schema: unknown): string | false {
  if (!isRecord(schema) || schema.type !== 'object') return `${field} must be a JSON Schema with type "object".`;
  if (schema.$schema !== undefined && schema.$schema !== DIALECT) {
    return `${field} names the dialect ${shown(schema.$schema)}; only ${DIALECT} is understood.`;
  }
  if (!survivesJson(schema)) return `${field} holds something that JSON cannot carry; use plain values only.`;
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const missing = required.find((name) => typeof name !== 'string' || !Object.hasOwn(properties, name));
  return missing !== undefined && `${field} requires ${shown(missing)}, which its properties do not describe.`;
}

function survivesJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}
