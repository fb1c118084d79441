import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor();
});
afterAll(() => stage.close());

test('a queued job starts at once', async () => {
  for (let n = 0; n < 12; n += 1) {
    const id = await stage.queue([{ key: 'a', type: 'test.echo' }, { key: 'b', type: 'command', with: {run: 'true'} }]);
    await stage.settled(id);
    const { rows } = await stage.db.pool.query(`select extract(epoch from (a.started_at - j.queued_at))*1000 as s, extract(epoch from a.completed_at - a.started_at)*1000 as took, s.key, extract(epoch from j.completed_at - j.created_at)*1000 as job
      from job j join job_step s on s.job_id = j.id join step_attempt a on a.step_id = s.id where j.id = $1 order by s.index`, [id]);
    console.log(JSON.stringify(rows));
  }
});
