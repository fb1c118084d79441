import { defineStepType } from '@signalbox/plugin-sdk';
import { definitions, readable, type StatementConfig, statementFields, withStatement } from './database.ts';

/** Rows between two reports of progress. */
const REPORT_EVERY = 1_000;

export const exportCsv = defineStepType<StatementConfig & { file: string }, { rowCount: number; url: string }>({
  type: 'sqlite.export',
  title: 'Export rows of a SQLite database',
  description: 'Writes the rows of a query into a CSV file that is kept with the job.',
  icon: 'table',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['database', 'sql'],
    properties: {
      ...statementFields,
      file: { type: 'string', title: 'File', default: 'rows.csv', pattern: '^[^/\\\\]+$', description: 'Its name.' },
    },
    $defs: definitions,
  },
  output: {
    type: 'object',
    required: ['rowCount', 'url'],
    properties: { rowCount: { type: 'integer' }, url: { type: 'string', description: 'Where it can be downloaded.' } },
  },
  repeatable: true,
  uses: ({ database }) => database,
  async run(ctx) {
    await ctx.checkpoint();
    const lines = withStatement(ctx.config, { readOnly: true }, (statement, values) => {
      const written = [
        statement
          .columns()
          .map(({ name }) => cell(name))
          .join(','),
      ];
      for (const row of statement.iterate(...values)) {
        written.push(Object.values(readable(row)).map(cell).join(','));
        if (written.length % REPORT_EVERY === 0) ctx.log('DEBUG', `${written.length} rows`);
      }
      return written;
    });
    const { url } = await ctx.artifact(ctx.config.file, `${lines.join('\r\n')}\r\n`, 'text/csv');
    ctx.log('SUCCESS', `${lines.length - 1} rows in ${ctx.config.file}`);
    return { rowCount: lines.length - 1, url };
  },
});

/** As RFC 4180 has it. */
function cell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
