/** Rows as parameters of a statement: one array for each column, which PostgreSQL takes apart quicker than JSON. */

/** A column's SQL type, and its value in a row; what is undefined becomes NULL. */
export type Columns<Row> = Readonly<Record<string, readonly [type: string, value: (row: Row) => unknown]>>;

/** SQL of a query that gives the rows. @param from the number of the first of its parameters, one for each column */
export function rowsQuery<Row>(columns: Columns<Row>, from: number): string {
  const arrays = Object.values(columns).map(([type], index) => `$${from + index}::${type}[]`);
  return `SELECT * FROM unnest(${arrays.join(', ')}) AS given(${Object.keys(columns).join(', ')})`;
}

export function rowValues<Row>(columns: Columns<Row>, rows: readonly Row[]): unknown[][] {
  return Object.values(columns).map(([, value]) => rows.map((row) => value(row) ?? null));
}
