/** Each rule is a query whose rows are its violations. The letters are those of the fault book's list. */

/** Jobs that somebody has queued again after their end: steps of theirs were settled more than once. */
const REQUEUED = `SELECT job_id FROM log_line WHERE stream = 'SYSTEM' AND message ~ '^Job (retried|resumed (where|from))'`;

export const OUTCOME_RULES = [
  // (a) A final job is over as a whole.
  `SELECT format('job %s is %s and its step "%s" is %s', j.id, j.status, s.key, s.status) AS violation
   FROM job j JOIN job_step s ON s.job_id = j.id
   WHERE j.status IN ('COMPLETED', 'FAILED', 'CANCELLED') AND s.status IN ('PENDING', 'RUNNING', 'WAITING')`,
  `SELECT format('job %s was settled %s times and queued again %s times', job_id, settled, queued) AS violation
   FROM (SELECT job_id, count(*) FILTER (WHERE kind = 'settled') AS settled, count(*) FILTER (WHERE kind = 'queued') AS queued
         FROM job_event GROUP BY job_id) AS events
   WHERE settled > queued + 1`,
  // (b) Of those that were not queued again by hand, since a step that was settled may then be open once more.
  `SELECT format('attempt %s of step "%s" of job %s started before its need "%s" was settled', a.number, s.key, s.job_id, n.key)
     AS violation
   FROM step_attempt a JOIN job_step s ON s.id = a.step_id JOIN job_step n ON n.job_id = s.job_id AND n.key = ANY(s.needs)
   WHERE (n.completed_at IS NULL OR n.completed_at > a.started_at) AND NOT n.reused AND s.job_id NOT IN (${REQUEUED})`,
  // (c) Attempts are numbered without a gap, one after the other, and nothing follows one that completed.
  `SELECT format('step "%s" of job %s has made attempt %s and has %s attempts', s.key, s.job_id, s.attempt_number, count(a))
     AS violation
   FROM job_step s LEFT JOIN step_attempt a ON a.step_id = s.id WHERE NOT s.reused
   GROUP BY s.id HAVING count(a) <> s.attempt_number OR coalesce(max(a.number), 0) <> s.attempt_number`,
  `SELECT format('step "%s" of job %s completed in attempt %s and was made again', s.key, s.job_id, a.number) AS violation
   FROM job_step s JOIN step_attempt a ON a.step_id = s.id
   WHERE a.status = 'COMPLETED' AND (a.number < s.attempt_number OR s.status <> 'COMPLETED')`,
  `SELECT format('step "%s" of job %s is COMPLETED and its last attempt is %s', s.key, s.job_id, a.status) AS violation
   FROM job_step s JOIN step_attempt a ON a.step_id = s.id AND a.number = s.attempt_number
   WHERE s.status = 'COMPLETED' AND a.status <> 'COMPLETED'`,
  `SELECT format('attempt %s of step "%s" of job %s began before the one before had ended', a.number, s.key, s.job_id) AS violation
   FROM (SELECT *, lag(completed_at) OVER (PARTITION BY step_id ORDER BY number) AS before,
           lag(number) OVER (PARTITION BY step_id ORDER BY number) AS earlier FROM step_attempt) AS a
     JOIN job_step s ON s.id = a.step_id
   WHERE a.earlier IS NOT NULL AND (a.before IS NULL OR a.before > a.started_at)`,
  // (c) Epochs only grow.
  `SELECT format('attempt %s of step "%s" of job %s has epoch %s after %s', a.number, s.key, s.job_id, a.epoch, a.before) AS violation
   FROM (SELECT *, lag(epoch) OVER (PARTITION BY step_id ORDER BY number) AS before FROM step_attempt) AS a
     JOIN job_step s ON s.id = a.step_id
   WHERE a.epoch < a.before`,
  `SELECT format('job %s is at epoch %s and had %s executions up to %s', j.id, j.epoch, count(e), coalesce(max(e.epoch), 0)) AS violation
   FROM job j LEFT JOIN execution e ON e.job_id = j.id
   GROUP BY j.id HAVING count(e) <> j.epoch OR coalesce(max(e.epoch), 0) <> j.epoch`,
  `SELECT format('execution %s of job %s began before the one before had ended', epoch, job_id) AS violation
   FROM (SELECT *, lag(completed_at) OVER (PARTITION BY job_id ORDER BY epoch) AS before,
           lag(epoch) OVER (PARTITION BY job_id ORDER BY epoch) AS earlier FROM execution) AS e
   WHERE earlier IS NOT NULL AND (before IS NULL OR before > started_at)`,
  `SELECT format('job %s is %s and its last execution ended as %s', j.id, j.status, e.outcome) AS violation
   FROM job j JOIN execution e ON e.job_id = j.id AND e.epoch = j.epoch
   WHERE e.outcome IN ('completed', 'failed', 'cancelled') AND e.outcome <> lower(j.status::text)
     AND j.status IN ('COMPLETED', 'FAILED', 'CANCELLED') AND j.id NOT IN (${REQUEUED})`,
  // A worker writes only while it holds the job.
  `SELECT format('attempt %s of step "%s" of job %s was written outside of execution %s', a.number, s.key, s.job_id, a.epoch)
     AS violation
   FROM step_attempt a JOIN job_step s ON s.id = a.step_id LEFT JOIN execution e ON e.job_id = s.job_id AND e.epoch = a.epoch
   WHERE e.id IS NULL OR a.started_at < e.started_at OR a.started_at > e.completed_at OR a.completed_at > e.completed_at`,
  `SELECT format('artifact %s of job %s was written while nobody held the job', f.id, f.job_id) AS violation
   FROM artifact f WHERE NOT EXISTS (
     SELECT FROM execution e WHERE e.job_id = f.job_id
       AND f.created_at BETWEEN e.started_at AND coalesce(e.completed_at, 'infinity'))`,
];

/** (d) */
export const LOG_RULES = [
  `SELECT format('the log of job %s ends at %s and has %s lines up to %s', c.job_id, c.last_seq, count(l), coalesce(max(l.seq), 0))
     AS violation
   FROM log_counter c LEFT JOIN log_line l ON l.job_id = c.job_id
   GROUP BY c.job_id HAVING count(l) <> c.last_seq OR coalesce(max(l.seq), 0) <> c.last_seq`,
  `SELECT format('line %s of job %s is of an attempt that never was', l.seq, l.job_id) AS violation
   FROM log_line l LEFT JOIN job_step s ON s.job_id = l.job_id AND s.key = l.step_key
     LEFT JOIN step_attempt a ON a.step_id = s.id AND a.number = l.attempt
   WHERE l.attempt IS NOT NULL AND a.number IS NULL`,
  // A line of an earlier worker behind one of a later worker was accepted from one that had lost its lease.
  `SELECT format('line %s of job %s is of epoch %s, behind one of epoch %s', seq, job_id, epoch, highest) AS violation
   FROM (SELECT l.job_id, l.seq, a.epoch, max(a.epoch) OVER (PARTITION BY l.job_id ORDER BY l.seq) AS highest
         FROM log_line l JOIN job_step s ON s.job_id = l.job_id AND s.key = l.step_key
           JOIN step_attempt a ON a.step_id = s.id AND a.number = l.attempt) AS told
   WHERE epoch < highest`,
];

/** (e) */
export const LEASE_RULES = [
  `SELECT format('execution %s of job %s is open and the job is %s at epoch %s', e.epoch, e.job_id, j.status, j.epoch) AS violation
   FROM execution e JOIN job j ON j.id = e.job_id
   WHERE e.completed_at IS NULL AND (j.status <> 'RUNNING' OR j.epoch <> e.epoch)`,
  `SELECT format('job %s is RUNNING and nobody holds it', j.id) AS violation FROM job j
   WHERE j.status = 'RUNNING' AND NOT EXISTS (
     SELECT FROM execution e WHERE e.job_id = j.id AND e.epoch = j.epoch AND e.completed_at IS NULL)`,
  `SELECT format('attempt %s of step "%s" of job %s is RUNNING, its step %s and its job %s', a.number, s.key, j.id, s.status, j.status)
     AS violation
   FROM step_attempt a JOIN job_step s ON s.id = a.step_id JOIN job j ON j.id = s.job_id
   WHERE a.status = 'RUNNING' AND (s.status <> 'RUNNING' OR j.status <> 'RUNNING' OR a.epoch <> j.epoch OR a.number <> s.attempt_number)`,
  `SELECT format('job %s is %s and its log is open to epoch %s', j.id, j.status, c.epoch) AS violation
   FROM job j JOIN log_counter c ON c.job_id = j.id
   WHERE c.epoch <> 0 AND (j.status <> 'RUNNING' OR c.epoch <> j.epoch)`,
];
