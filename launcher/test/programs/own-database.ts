/** Starts a database of its own, says where it is, and waits to be killed. */
import { startEmbeddedPostgres, startTemporaryPostgres } from '../../src/embedded-postgres.ts';

const [dataDir] = process.argv.slice(2);
const url = dataDir
  ? (await startEmbeddedPostgres({ dataDir, report: () => undefined })).databaseUrl
  : (await startTemporaryPostgres()).adminUrl;
process.send?.({ url });
process.on('message', () => undefined);
