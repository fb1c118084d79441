/** What a server without Signalbox does: stores the lines of a tick in one statement, and numbers them itself. */
import pg from 'pg';

export interface RawLine {
  seq: number;
  at: string;
  level: string;
  stream: string;
  stepKey: string;
  message: string;
}

export async function openRawLog(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  await pool.query('CREATE TABLE IF NOT EXISTS raw_line (run int, seq int, at timestamptz, message text)');
  return {
    async store(run: number, texts: readonly string[], first: number): Promise<RawLine[]> {
      const at = new Date().toISOString();
      await pool.query({
        name: 'store-lines',
        text: 'INSERT INTO raw_line SELECT $1, $2 + n - 1, $3, text FROM unnest($4::text[]) WITH ORDINALITY AS l(text, n)',
        values: [run, first, at, texts],
      });
      return texts.map((message, index) => ({
        seq: first + index,
        at,
        level: 'INFO',
        stream: 'STDOUT',
        stepKey: 'a',
        message,
      }));
    },
    close: () => pool.end(),
  };
}
