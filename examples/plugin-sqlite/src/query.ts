import { defineStepType } from '@signalbox/plugin-sdk';
import { definitions, readable, type StatementConfig, statementFields, withStatement } from './database.ts';

type Row = ReturnType<typeof readable>;

/** Reads rows. It cannot change anything, so it is safe to repeat. */
export const query = defineStepType<
  StatementConfig & { maxRows: number },
  { rows: Row[]; rowCount: number; truncated: boolean }
>({
  type: 'sqlite.query',
  title: 'Query a SQLite database',
  description: 'Reads rows of a SQLite database; it is opened for reading only.',
  icon: 'database',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['database', 'sql'],
    properties: {
      ...statementFields,
      maxRows: {
        type: 'integer',
        title: 'Most rows',
        minimum: 1,
        maximum: 100_000,
        default: 1_000,
        description: 'What is beyond is left out, and `truncated` says so.',
      },
    },
    $defs: definitions,
  },
  output: {
    type: 'object',
    required: ['rows', 'rowCount', 'truncated'],
    properties: {
      rows: { type: 'array', items: { type: 'object' }, description: 'Each row by its columns.' },
      rowCount: { type: 'integer', description: 'How many rows there are in `rows`.' },
      truncated: { type: 'boolean', description: 'Whether there were more.' },
    },
  },
  repeatable: true,
  uses: ({ database }) => database,
  async run(ctx) {
    await ctx.checkpoint();
    const { maxRows } = ctx.config;
    return withStatement(ctx.config, { readOnly: true }, (statement, values) => {
      const rows: Row[] = [];
      let truncated = false;
      for (const row of statement.iterate(...values)) {
        truncated = rows.length === maxRows;
        if (truncated) break;
        rows.push(readable(row));
      }
      ctx.log(truncated ? 'WARNING' : 'INFO', `${rows.length} rows${truncated ? '; there are more, see maxRows' : ''}`);
      return { rows, rowCount: rows.length, truncated };
    });
  },
});
