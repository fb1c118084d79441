-- A step that did not run in this job: it has the output that it had in the job that this one was forked from.
ALTER TABLE "job_step" ADD COLUMN "reused" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "job_step" ADD CONSTRAINT "job_step_reused_is_completed" CHECK (NOT "reused" OR "status" = 'COMPLETED');
