import { definePlugin } from '@signalbox/plugin-sdk';
import { execute } from './execute.ts';
import { exportCsv } from './export-csv.ts';
import { query } from './query.ts';

export default definePlugin({
  name: 'signalbox-plugin-sqlite',
  contract: 1,
  stepTypes: [query, execute, exportCsv],
});
