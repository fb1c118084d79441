import { useState } from 'react';

/** The same object for as long as the values that are handed in say the same; for what is built anew at every render. */
export function useStable<Value>(value: Value): Value {
  const [stable, setStable] = useState(value);
  if (Object.is(stable, value) || JSON.stringify(stable) === JSON.stringify(value)) return stable;
  setStable(value);
  return value;
}
