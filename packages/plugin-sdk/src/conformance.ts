import { shown, unknownFields } from './field-problems.ts';
import { isRecord } from './is-record.ts';
import { stepTypeChecks } from './step-type-checks.ts';

/**
 * One thing that a plugin must be, and whether it is.
 *
 * @example
 * const broken = conformance(plugin).filter((check: ConformanceCheck) => !check.passed);
 */
export interface ConformanceCheck {
  /** A sentence; step types' checks begin with the type. */
  name: string;
  passed: boolean;
  /** What is wrong and what to do; set when it has not passed. */
  reason?: string;
}

/** The built-in step types' package: the only one whose types are bare words. */
const BUILT_IN = '@signalbox/plugins';
const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const PLUGIN_FIELDS = ['name', 'version', 'contract', 'stepTypes'];

/**
 * Checks everything about a plugin that can be known without running it. Takes any value, never throws, and always
 * answers with at least one check, so that it fits any test runner.
 *
 * @example
 * for (const check of conformance(plugin)) {
 *   test(check.name, () => assert.ok(check.passed, check.reason));
 * }
 */
export function conformance(plugin: unknown): ConformanceCheck[] {
  if (!isRecord(plugin)) {
    return [verdict('the plugin is an object', 'Make definePlugin({ … }) the default export of the package.')];
  }
  const stepTypes: unknown[] = Array.isArray(plugin.stepTypes) ? plugin.stepTypes : [];
  const { name, version, contract } = plugin;
  return [
    verdict('the plugin is an object'),
    verdict('the contract version is 1', contract !== 1 && `contract is ${shown(contract)}; this host knows 1.`),
    verdict(
      'the name is a package name',
      !(typeof name === 'string' && PACKAGE_NAME.test(name)) &&
        `name is ${shown(name)}; give the package's name, such as "signalbox-plugin-acme".`,
    ),
    verdict(
      'the version is a text or absent',
      version !== undefined && typeof version !== 'string' && `version is ${shown(version)}; leave it out.`,
    ),
    verdict('the plugin has no unknown fields', unknownFields(plugin, PLUGIN_FIELDS)),
    verdict('there is a step type', stepTypes.length === 0 && 'stepTypes must be a list with at least one step type.'),
    verdict('no two step types have the same type', repeated(stepTypes)),
    ...stepTypes.flatMap((stepType, index) =>
      stepTypeChecks(stepType, index, name === BUILT_IN).map(({ name: check, problem }) => verdict(check, problem)),
    ),
  ];
}

function verdict(name: string, problem?: string | false): ConformanceCheck {
  return problem ? { name, passed: false, reason: problem } : { name, passed: true };
}

function repeated(stepTypes: unknown[]): string | undefined {
  const types = stepTypes.map((stepType) => (isRecord(stepType) ? stepType.type : undefined));
  const twice = types.find((type, index) => typeof type === 'string' && types.indexOf(type) !== index);
  return twice === undefined ? undefined : `${shown(twice)} is there more than once; rename one.`;
}
