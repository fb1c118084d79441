let search = '';

/** Remembers how the list is searched and filtered, for the way back to it. */
export function leaveList(params: string): void {
  search = params;
}

/** The address of the list as it was last seen. */
export function leftList(): string {
  return search === '' ? '/jobs' : `/jobs?${search}`;
}
