/** `signalbox`: jobs from the command line, by the same API that the web app uses. */
import { createProgram } from './program.ts';

// Whoever reads may have seen enough, as in `signalbox logs ID | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

await createProgram().parseAsync();
