// Runs as a thread of the process in json-process.js.
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {import('./json-work.ts').JsonTask} JsonTask */
/** @typedef {import('./json-work.ts').JsonOutcome} JsonOutcome */

const MOST_PROBLEMS = 100;

const outcome = await (workerData.kind === 'query' ? query(workerData) : validate(workerData));
parentPort?.postMessage(JSON.stringify(outcome));

/**
 * @param {Extract<JsonTask, { kind: 'query' }>} task
 * @returns {Promise<JsonOutcome>}
 */
async function query({ data, expression }) {
  const { default: jsonata } = await import('jsonata');
  try {
    return { value: (await jsonata(expression).evaluate(data)) ?? null };
  } catch (error) {
    return { refused: sentence(error) };
  }
}

/**
 * @param {Extract<JsonTask, { kind: 'validate' }>} task
 * @returns {Promise<JsonOutcome>}
 */
async function validate({ data, schema }) {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  formats.default.default(ajv);
  try {
    const fits = ajv.compile(schema);
    return { value: fits(data) ? [] : (fits.errors ?? []).slice(0, MOST_PROBLEMS).map(problemOf) };
  } catch (error) {
    return { refused: sentence(error) };
  }
}

/** @param {import('ajv').ErrorObject} error */
function problemOf({ instancePath, keyword, message, params }) {
  const which = keyword === 'additionalProperties' ? `: ${params.additionalProperty}` : '';
  return { path: instancePath, message: `${message ?? 'does not fit'}${which}` };
}

/**
 * Both libraries throw what is no error of this process, and neither promises a class.
 * @param {unknown} error
 */
function sentence(error) {
  const thrown = typeof error === 'object' && error !== null ? error : {};
  const message = 'message' in thrown ? String(thrown.message) : String(error);
  const position = 'position' in thrown ? ` (at sign ${String(thrown.position)})` : '';
  return `${message.replace(/\.$/, '').slice(0, 500)}${position}.`;
}
