-- Jobs that are made at certain times.
CREATE TYPE "schedule_kind" AS ENUM ('ONCE', 'RECURRING', 'CRON');

CREATE TABLE "schedule" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "workflow_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "schedule_kind" NOT NULL,
    "starts_at" TIMESTAMPTZ(3),
    "every_seconds" INTEGER,
    "cron" TEXT,
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "input" JSON NOT NULL,
    "priority" "job_priority",
    "subject" TEXT,
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_run_at" TIMESTAMPTZ(3),
    "last_run_at" TIMESTAMPTZ(3),
    "last_problem" TEXT,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "schedule_kind_has_its_times" CHECK (
      ("kind" = 'CRON') = ("cron" IS NOT NULL) AND ("kind" = 'RECURRING') = ("every_seconds" IS NOT NULL)
      AND ("kind" = 'CRON') = ("starts_at" IS NULL)),
    CONSTRAINT "schedule_off_has_no_next_run" CHECK ("active" OR "next_run_at" IS NULL)
);
CREATE UNIQUE INDEX "schedule_tenant_id_name_key" ON "schedule"("tenant_id", "name");
CREATE INDEX "schedule_workflow_id_idx" ON "schedule"("workflow_id");
CREATE INDEX "schedule_due" ON "schedule"("next_run_at") WHERE "next_run_at" IS NOT NULL;
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "job" ADD COLUMN "schedule_id" UUID;
ALTER TABLE "job" ADD CONSTRAINT "job_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "schedule"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "job_of_schedule" ON "job"("schedule_id", "id") WHERE "schedule_id" IS NOT NULL;
