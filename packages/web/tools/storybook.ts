/** `npm run storybook`: the stories on port 6006. `npm run storybook -- build` writes them as a site into storybook-static. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [command = 'dev', ...others] = process.argv.slice(2);
process.chdir(path.resolve(import.meta.dirname, '..'));
const usual = command === 'dev' ? ['--port', '6006', '--host', '127.0.0.1', '--no-open'] : [];
const program = fileURLToPath(new URL('../node_modules/storybook/dist/bin/dispatcher.js', import.meta.url));
process.argv.splice(1, process.argv.length, program, command, ...usual, ...others);
await import(program);
