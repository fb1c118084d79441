-- Attempts up to this number are no longer charged to the step's retry: a person has queued the job again since.
ALTER TABLE "job_step" ADD COLUMN "forgiven_attempts" INTEGER NOT NULL DEFAULT 0;
