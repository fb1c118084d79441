import pg from 'pg';

/**
 * Columns, enum values, keys, foreign keys and indexes of the public schema, one line each. CHECK constraints are left out,
 * since Prisma's schema language cannot say them.
 */
export async function describeCatalogue(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ entry: string }>(`
      SELECT format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attnotnull THEN ' NOT NULL' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS entry
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname <> '_prisma_migrations'
      UNION ALL
      SELECT format('enum %s %s', t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder))
        FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname
      UNION ALL
      SELECT format('index %s %s', indexname, indexdef) FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
      UNION ALL
      SELECT format('foreign key %s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace
      ORDER BY entry`);
    return rows.map((row) => row.entry);
  } finally {
    await client.end();
  }
}
