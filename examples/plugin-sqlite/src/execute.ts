import { defineStepType } from '@signalbox/plugin-sdk';
import { definitions, type StatementConfig, statementFields, withStatement } from './database.ts';

/** Changes something, so a worker that is lost in the middle does not make it run twice unless the workflow says so. */
export const execute = defineStepType<StatementConfig, { changes: number; lastInsertRowid: string }>({
  type: 'sqlite.execute',
  title: 'Change a SQLite database',
  description: 'Runs one statement that changes a SQLite database; the file is made when there is none.',
  icon: 'database',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['database', 'sql'],
    properties: statementFields,
    $defs: definitions,
  },
  output: {
    type: 'object',
    required: ['changes', 'lastInsertRowid'],
    properties: {
      changes: { type: 'integer', description: 'Rows that were changed.' },
      lastInsertRowid: { type: 'string', description: 'Id of the row that was inserted last.' },
    },
  },
  uses: ({ database }) => database,
  async run(ctx) {
    await ctx.checkpoint();
    const done = withStatement(ctx.config, { readOnly: false }, (statement, values) => statement.run(...values));
    ctx.log('SUCCESS', `${done.changes} rows changed`);
    return { changes: Number(done.changes), lastInsertRowid: String(done.lastInsertRowid) };
  },
});
