const underway = new Set<string>();

/** Does something unless the same is being done already, as by the first click of a double click. */
export async function once(what: string, act: () => Promise<void>): Promise<void> {
  if (underway.has(what)) return;
  underway.add(what);
  try {
    await act();
  } finally {
    underway.delete(what);
  }
}
