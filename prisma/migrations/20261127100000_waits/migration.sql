-- What a step waits for while it is WAITING, and how that ended.
CREATE TYPE "wait_kind" AS ENUM ('TIME', 'APPROVAL', 'JOB', 'RETRY');

CREATE TABLE "step_wait" (
    "step_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" "wait_kind" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3),
    "deadline" TIMESTAMPTZ(3),
    "wake_at" TIMESTAMPTZ(3),
    "message" TEXT,
    "form" JSON,
    "approved" BOOLEAN,
    "comment" TEXT,
    "answer" JSONB,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "child_job_id" UUID,

    CONSTRAINT "step_wait_pkey" PRIMARY KEY ("step_id"),
    CONSTRAINT "step_wait_approval_has_message" CHECK ("kind" <> 'APPROVAL' OR "message" IS NOT NULL),
    CONSTRAINT "step_wait_decided_whole" CHECK (("approved" IS NULL) = ("decided_at" IS NULL))
);

CREATE INDEX "step_wait_job_id_idx" ON "step_wait"("job_id");
CREATE INDEX "step_wait_child_job_id_idx" ON "step_wait"("child_job_id");

-- A job that a step of another one made.
ALTER TABLE "job" ADD COLUMN "parent_id" UUID;
ALTER TABLE "job" ADD COLUMN "parent_step_id" UUID;
ALTER TABLE "job" ADD COLUMN "depth" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "job" ADD COLUMN "wakes" INTEGER NOT NULL DEFAULT 0;

CREATE INDEX "job_parent" ON "job"("parent_id") WHERE "parent_id" IS NOT NULL;
CREATE INDEX "job_parent_step" ON "job"("parent_step_id", "id") WHERE "parent_step_id" IS NOT NULL;

ALTER TABLE "job" ADD CONSTRAINT "job_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "job" ADD CONSTRAINT "job_parent_step_id_fkey" FOREIGN KEY ("parent_step_id") REFERENCES "job_step"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "step_wait" ADD CONSTRAINT "step_wait_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "job_step"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "step_wait" ADD CONSTRAINT "step_wait_child_job_id_fkey" FOREIGN KEY ("child_job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- An attempt lasts over its waits.
ALTER TABLE "step_attempt" DROP CONSTRAINT "step_attempt_final_has_completed_at";
ALTER TABLE "step_attempt" ADD CONSTRAINT "step_attempt_final_has_completed_at"
  CHECK (("status" IN ('RUNNING', 'WAITING')) = ("completed_at" IS NULL));

-- Whom the reaper may have to wake, and whose children it may have to end.
CREATE INDEX "job_waiting" ON "job"("id") WHERE "status" = 'WAITING';
CREATE INDEX "job_open_child" ON "job"("parent_step_id")
  WHERE "parent_step_id" IS NOT NULL AND "status" IN ('QUEUED', 'RUNNING', 'WAITING', 'PAUSED');

-- A job that waits is under way: its place may be asked for.
DROP INDEX "job_concurrency";
CREATE INDEX "job_concurrency" ON "job"("tenant_id", "concurrency_key", "id")
  WHERE "concurrency_key" IS NOT NULL AND "status" IN ('QUEUED', 'RUNNING', 'WAITING');
