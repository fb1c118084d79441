import type { Database } from './client.ts';

export interface Cost {
  /** Millionths of a US dollar. */
  microUsd: bigint;
  inputTokens: bigint;
  outputTokens: bigint;
}

/** What the steps of each job have cost so far, all attempts included. A job without steps is missing. */
export async function sumCosts(db: Database, jobIds: readonly string[]): Promise<Map<string, Cost>> {
  const { rows } = await db.pool.query<{ jobId: string; microUsd: string; inputTokens: string; outputTokens: string }>({
    name: 'sum-costs',
    text: `SELECT job_id AS "jobId", sum(micro_usd)::text AS "microUsd", sum(input_tokens)::text AS "inputTokens",
             sum(output_tokens)::text AS "outputTokens"
           FROM job_step WHERE job_id = ANY($1::uuid[]) GROUP BY job_id`,
    values: [jobIds],
  });
  return new Map(
    rows.map((row) => [
      row.jobId,
      { microUsd: BigInt(row.microUsd), inputTokens: BigInt(row.inputTokens), outputTokens: BigInt(row.outputTokens) },
    ]),
  );
}
