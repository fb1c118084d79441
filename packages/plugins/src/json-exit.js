// How the process of json-process.js ends when a bound was met. Plain JavaScript, as everything it loads: compiling types away
// would cost more time than most of its work.
export const TOO_LONG = 3;
export const TOO_MUCH_MEMORY = 4;
export const TOO_LARGE = 5;
