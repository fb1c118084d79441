#!/usr/bin/env node
/** `npx signalbox`: the command line, on the pinned Node and with everything installed. */
process.argv.splice(2, 0, 'cli');
await import('./launch.js');
