// Runs as a thread of its own, see answer-check.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { AnswerQuestion, AnswerVerdict } from './answer-check.ts';

function judge({ schema, answers }: AnswerQuestion): AnswerVerdict {
  const ajv = new Ajv2020({ strict: false, logger: false });
  formats.default(ajv);
  try {
    const fits = ajv.compile(schema);
    const misfit = answers.find((answer) => !fits(answer));
    return misfit === undefined ? {} : { answer: ajv.errorsText(fits.errors, { dataVar: 'the answer' }) };
  } catch (error) {
    if (error instanceof RangeError)
      return { schema: 'it is nested too deeply, or its references go round in circles' };
    return { schema: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(judge(workerData));
