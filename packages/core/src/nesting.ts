/** How deep jobs may be nested in each other: a workflow that runs itself without an end must not fill the database. */
export const MOST_NESTED = 10;
