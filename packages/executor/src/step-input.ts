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
 * Evaluates the `with` of a step, fills in the defaults of its type and checks it. Secrets that it names are hidden from now
 * on. Throws a StepFailure that says what is wrong and where.
 */
export function prepareInput(
  stepType: Pick<StepType, 'type' | 'config' | 'uses'>,
  template: JsonObject,
  scope: Scope,
  secrets: Readonly<Record<string, string>>,
  mask: SecretMask,
): StepInput {
  const named = namedSecrets(template, secrets);
  for (const value of Object.values(named)) mask.hide(value);
  const config = check(stepType, evaluate(template, { ...scope, secrets: named }));
  const withoutSecrets = Object.fromEntries(Object.keys(named).map((name) => [name, HIDDEN]));
  const shown = Object.keys(named).length === 0 ? config : evaluate(template, { ...scope, secrets: withoutSecrets });
  return { config, recorded: mask.json(shown), uses: describeUse(stepType, config, mask) };
}

/** Only those that the template speaks of: values nobody asked for are neither handed out nor masked. */
function namedSecrets(template: JsonObject, secrets: Readonly<Record<string, string>>): Record<string, string> {
  const text = JSON.stringify(template);
  if (!text.includes('secrets')) return {};
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => text.includes(name)));
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
