export interface ChaosArguments {
  seeds: number[];
  /** No further schedule begins after so long. */
  minutes: number;
  cancels: boolean;
}

const USAGE = `npm run chaos                         100 schedules, and 105 cancels of each way
npm run chaos -- seeds=7,20-30        schedules of these seeds
npm run chaos -- minutes=2            as many schedules as begin within two minutes
npm run chaos -- cancels              the cancels only`;

/** Ends the process when the words mean nothing. */
export function readArguments(words: readonly string[]): ChaosArguments {
  const given: ChaosArguments = {
    seeds: range('1-100'),
    minutes: Number.POSITIVE_INFINITY,
    cancels: words.length === 0,
  };
  for (const word of words) {
    const [, name, value = ''] = /^(seeds|minutes|cancels)(?:=([\d,.-]+))?$/.exec(word) ?? [];
    if (name === 'seeds' && value) given.seeds = value.split(',').flatMap(range);
    else if (name === 'minutes' && Number(value) > 0) given.minutes = Number(value);
    else if (name === 'cancels') Object.assign(given, { cancels: true, seeds: [] });
    else refuse(word);
  }
  return given;
}

function range(part: string): number[] {
  const [first = Number.NaN, last = first] = part.split('-').map(Number);
  if (!(first <= last)) refuse(part);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function refuse(word: string): never {
  console.error(`"${word}" means nothing here.\n${USAGE}`);
  process.exit(64);
}
