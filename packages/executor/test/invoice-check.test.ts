/** The example that ships with the product, on a real executor. */
import { readFile } from 'node:fs/promises';
import { parseWorkflow } from '@signalbox/core/workflow';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { createJob } from '@signalbox/db/jobs';
import { findWorkflow, saveWorkflow } from '@signalbox/db/workflows';
import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

test('the invoice check reads, checks and adds up what it has written', async () => {
  const stage = await openStage();
  await stage.startExecutor();
  const source = await readFile(new URL('../../../workflows/invoice-check.yaml', import.meta.url), 'utf8');
  const { definition, issues } = parseWorkflow(source);
  expect(issues).toEqual([]);
  if (!definition) return;
  await saveWorkflow(stage.db, DEFAULT_TENANT_ID, definition, source);
  const workflow = await findWorkflow(stage.db, DEFAULT_TENANT_ID, 'invoice-check');
  if (!workflow) throw new Error('the workflow was not saved');
  const lines = [
    { article: 'Lamp', price: 24.5, quantity: 2 },
    { article: 'Bulb', price: 3, quantity: 10 },
  ];
  const { id } = await createJob(stage.db, {
    tenantId: DEFAULT_TENANT_ID,
    workflow,
    input: { customer: 'Ada Ltd', lines },
  });
  const job = await stage.settled(id);
  expect(job.error).toBeNull();
  expect(job.output).toEqual({ total: 79, summary: 'Ada Ltd: 2 articles, 79 in all, most of it for Lamp.' });
  const kept = await stage.db.prisma.artifact.findMany({ where: { jobId: id }, orderBy: { name: 'asc' } });
  expect(kept.map(({ name }) => name)).toEqual(['invoices_invoice.json', 'summary.txt']);
  await stage.close();
});
