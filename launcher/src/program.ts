import { StartError } from './start-error.ts';

/** Runs a whole program and ends the process: 0 when it is done, else with its error told as plainly as it allows. */
export async function runProgram(main: () => Promise<void>): Promise<never> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    if (error instanceof StartError) console.error(error.message);
    else console.error('Signalbox stopped because of an unexpected error:', error);
    process.exit(error instanceof StartError ? error.exitCode : 1);
  }
}
