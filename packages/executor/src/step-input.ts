import { checkInput } from '@signalbox/core/input';
import type { Json, JsonObject } from '@signalbox/core/json';
import { ExpressionError, evaluateTemplate, type Scope } from '@signalbox/core/template';
import { StepFailure, type StepType } from '@signalbox/plugin-sdk';
import type { SecretMask } from './secret-mask.ts';

const HIDDEN = '***';
export const LONGEST_USES = 200;

/** What one attempt is given. */
export interface StepInput {
  config: JsonObject;
  /** The same without any secret: what is stored. */
  recorded: Json;
  /** One line about the agent, tool, model or program. */
  uses: string | null;
}

/**
 * Evaluates the `with` of a step, fills in the defaults of its type and checks it. The secrets that it names are in the scope,
 * and hidden already. Throws a StepFailure that says what is wrong and where.
 */
export function prepareInput(
  stepType: Pick<StepType, 'type' | 'config' | 'uses'>,
  template: JsonObject,
  scope: Scope & { secrets: Readonly<Record<string, string>> },
  mask: SecretMask,
): StepInput {
  const evaluated = evaluate(template, scope);
  const values = Object.values(scope.secrets);
  if (values.length > 0) hideParts(evaluated, values, mask);
  const config = check(stepType, evaluated);
  const shown = values.length === 0 ? config : evaluateWithoutSecrets(template, scope);
  return { config, recorded: mask.json(shown), uses: describeUse(stepType, config, mask) };
}

/** A part of a secret that an expression has cut out, such as the password behind a colon, is as secret as the whole. */
function hideParts(evaluated: Json, secrets: readonly string[], mask: SecretMask): void {
  if (typeof evaluated === 'string') {
    if (secrets.some((secret) => secret.includes(evaluated))) mask.hide(evaluated);
  } else if (evaluated !== null && typeof evaluated === 'object') {
    for (const part of Object.values(evaluated)) hideParts(part, secrets, mask);
  }
}

function evaluateWithoutSecrets(template: Json, scope: Scope): Json {
  const secrets = Object.fromEntries(Object.keys(scope.secrets ?? {}).map((name) => [name, HIDDEN]));
  const shown = (part: Json): Json => {
    if (Array.isArray(part)) return part.map(shown);
    if (part !== null && typeof part === 'object')
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, shown(item)]));
    try {
      return evaluateTemplate(part, { ...scope, secrets });
    } catch (error) {
      // An expression that takes a secret apart has no use for this one.
      if (error instanceof ExpressionError) return HIDDEN;
      throw error;
    }
  };
  return shown(template);
}

function evaluate(template: JsonObject, scope: Scope): JsonObject {
  try {
    const value = evaluateTemplate(template, scope);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new StepFailure(error.message, { category: 'USER_INPUT', retryable: false, cause: error });
  }
  throw new StepFailure("The step's `with` must be an object.", { category: 'CONFIGURATION', retryable: false });
}

function check(stepType: Pick<StepType, 'type' | 'config'>, config: JsonObject): JsonObject {
  const { value, issues } = checkInput(stepType.config, config);
  if (issues.length === 0) return value;
  const problems = issues.slice(0, 5).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  const more = issues.length > problems.length ? ` (and ${issues.length - problems.length} more)` : '';
  throw new StepFailure(
    `The step's \`with\` does not fit the step type ${stepType.type}. ${problems.join(' ')}${more}`,
    {
      category: 'USER_INPUT',
      retryable: false,
    },
  );
}

function describeUse(stepType: Pick<StepType, 'uses'>, config: JsonObject, mask: SecretMask): string | null {
  try {
    const use = stepType.uses?.(config);
    return typeof use === 'string' ? mask.text(use).slice(0, LONGEST_USES) : null;
  } catch {
    // It is only for people to read; a step must not fail because of it.
    return null;
  }
}
