
-- CreateEnum
CREATE TYPE "job_status" AS ENUM ('CREATED', 'QUEUED', 'RUNNING', 'WAITING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "step_status" AS ENUM ('PENDING', 'RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "job_priority" AS ENUM ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL');

-- CreateEnum
CREATE TYPE "log_level" AS ENUM ('DEBUG', 'INFO', 'PROGRESS', 'SUCCESS', 'WARNING', 'ERROR');

-- CreateEnum
CREATE TYPE "log_stream" AS ENUM ('STDOUT', 'STDERR', 'SYSTEM');

-- CreateEnum
CREATE TYPE "error_category" AS ENUM ('USER_INPUT', 'CONFIGURATION', 'TIMEOUT', 'CANCELLED', 'RATE_LIMIT', 'AUTH', 'NETWORK', 'PROCESS', 'PLUGIN', 'WORKER_LOST', 'BUDGET', 'INTERNAL');

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflow" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "current_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workflow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflow_version" (
    "workflow_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "definition" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workflow_version_pkey" PRIMARY KEY ("workflow_id","version")
);

-- CreateTable
CREATE TABLE "job" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "workflow_id" UUID NOT NULL,
    "workflow_version" INTEGER NOT NULL,
    "workflow_slug" TEXT NOT NULL,
    "workflow_name" TEXT NOT NULL,
    "status" "job_status" NOT NULL,
    "priority" "job_priority" NOT NULL DEFAULT 'MEDIUM',
    "cancel_requested_at" TIMESTAMPTZ(3),
    "cancel_forced" BOOLEAN NOT NULL DEFAULT false,
    "input" JSONB NOT NULL,
    "output" JSONB,
    "error_message" TEXT,
    "error_category" "error_category",
    "error_step_key" TEXT,
    "subject" TEXT,
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "idempotency_key" TEXT,
    "request_hash" TEXT,
    "rerun_of_id" UUID,
    "forked_from_id" UUID,
    "total_steps" INTEGER NOT NULL,
    "completed_steps" INTEGER NOT NULL DEFAULT 0,
    "current_step_key" TEXT,
    "step_percent" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "lost_workers" INTEGER NOT NULL DEFAULT 0,
    "queue" TEXT NOT NULL DEFAULT 'default',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "queued_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_step" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "uses" TEXT,
    "status" "step_status" NOT NULL DEFAULT 'PENDING',
    "needs" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "input" JSONB,
    "output" JSONB,
    "error_message" TEXT,
    "error_category" "error_category",
    "skipped_because" TEXT,
    "attempt_number" INTEGER NOT NULL DEFAULT 0,
    "micro_usd" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "step_attempt" (
    "step_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "status" "step_status" NOT NULL,
    "input" JSONB,
    "output" JSONB,
    "error_message" TEXT,
    "error_category" "error_category",
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "step_attempt_pkey" PRIMARY KEY ("step_id","number")
);

-- CreateTable
CREATE TABLE "execution" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "worker_id" UUID NOT NULL,
    "worker_name" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "lease_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "peak_memory_bytes" BIGINT,
    "cpu_ms" BIGINT,

    CONSTRAINT "execution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_counter" (
    "job_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "epoch" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "log_counter_pkey" PRIMARY KEY ("job_id")
);

-- CreateTable
CREATE TABLE "log_line" (
    "job_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "level" "log_level" NOT NULL,
    "stream" "log_stream" NOT NULL,
    "message" TEXT NOT NULL,
    "step_key" TEXT,
    "attempt" INTEGER,

    CONSTRAINT "log_line_pkey" PRIMARY KEY ("job_id","seq")
);

-- CreateTable
CREATE TABLE "artifact" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "step_id" UUID,
    "name" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "queues" TEXT[],
    "concurrency" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_step_type" (
    "worker_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "icon" TEXT,
    "plugin" TEXT NOT NULL,
    "plugin_version" TEXT NOT NULL,
    "config_schema" JSONB NOT NULL,
    "output_schema" JSONB,
    "repeatable" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "worker_step_type_pkey" PRIMARY KEY ("worker_id","type")
);

-- CreateTable
CREATE TABLE "job_event" (
    "id" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "job_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "workflow_tenant_id_slug_key" ON "workflow"("tenant_id", "slug");

-- CreateIndex
CREATE INDEX "job_tenant_id_id_idx" ON "job"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "job_tenant_id_status_id_idx" ON "job"("tenant_id", "status", "id");

-- CreateIndex
CREATE INDEX "job_tenant_id_priority_id_idx" ON "job"("tenant_id", "priority", "id");

-- CreateIndex
CREATE INDEX "job_tenant_id_workflow_slug_id_idx" ON "job"("tenant_id", "workflow_slug", "id");

-- CreateIndex
CREATE INDEX "job_tenant_id_subject_id_idx" ON "job"("tenant_id", "subject", "id");

-- CreateIndex
CREATE INDEX "job_tenant_id_started_at_id_idx" ON "job"("tenant_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "job_tenant_id_completed_at_id_idx" ON "job"("tenant_id", "completed_at", "id");

-- CreateIndex
CREATE INDEX "job_rerun_of_id_idx" ON "job"("rerun_of_id");

-- CreateIndex
CREATE INDEX "job_forked_from_id_idx" ON "job"("forked_from_id");

-- CreateIndex
CREATE INDEX "job_labels_idx" ON "job" USING GIN ("labels");

-- CreateIndex
CREATE UNIQUE INDEX "job_tenant_id_idempotency_key_key" ON "job"("tenant_id", "idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "job_step_job_id_key_key" ON "job_step"("job_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "job_step_job_id_index_key" ON "job_step"("job_id", "index");

-- CreateIndex
CREATE INDEX "execution_worker_id_idx" ON "execution"("worker_id");

-- CreateIndex
CREATE UNIQUE INDEX "execution_job_id_epoch_key" ON "execution"("job_id", "epoch");

-- CreateIndex
CREATE INDEX "log_line_job_id_step_key_seq_idx" ON "log_line"("job_id", "step_key", "seq");

-- CreateIndex
CREATE INDEX "artifact_job_id_idx" ON "artifact"("job_id");

-- CreateIndex
CREATE INDEX "artifact_step_id_idx" ON "artifact"("step_id");

-- CreateIndex
CREATE INDEX "job_event_xid_id_idx" ON "job_event"("xid", "id");

-- CreateIndex
CREATE INDEX "job_event_job_id_id_idx" ON "job_event"("job_id", "id");

-- AddForeignKey
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow_version" ADD CONSTRAINT "workflow_version_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_workflow_id_workflow_version_fkey" FOREIGN KEY ("workflow_id", "workflow_version") REFERENCES "workflow_version"("workflow_id", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_rerun_of_id_fkey" FOREIGN KEY ("rerun_of_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_forked_from_id_fkey" FOREIGN KEY ("forked_from_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_step" ADD CONSTRAINT "job_step_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step_attempt" ADD CONSTRAINT "step_attempt_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "job_step"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_counter" ADD CONSTRAINT "log_counter_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_line" ADD CONSTRAINT "log_line_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "job_step"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "worker_step_type" ADD CONSTRAINT "worker_step_type_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "worker"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

ALTER TABLE "job"
  ADD CONSTRAINT "job_final_has_completed_at"
    CHECK (("status" IN ('COMPLETED', 'FAILED', 'CANCELLED')) = ("completed_at" IS NOT NULL)),
  ADD CONSTRAINT "job_running_has_started_at"
    CHECK ("status" NOT IN ('RUNNING', 'PAUSED', 'WAITING', 'COMPLETED') OR "started_at" IS NOT NULL),
  ADD CONSTRAINT "job_queued_has_queued_at"
    CHECK ("status" IN ('CREATED', 'CANCELLED') OR "queued_at" IS NOT NULL),
  ADD CONSTRAINT "job_failed_has_error"
    CHECK ("status" <> 'FAILED' OR ("error_message" IS NOT NULL AND "error_category" IS NOT NULL)),
  ADD CONSTRAINT "job_progress_in_bounds"
    CHECK ("completed_steps" BETWEEN 0 AND "total_steps" AND "step_percent" BETWEEN 0 AND 100),
  ADD CONSTRAINT "job_input_is_object" CHECK (jsonb_typeof("input") = 'object');

ALTER TABLE "job_step"
  ADD CONSTRAINT "job_step_final_has_completed_at"
    CHECK (("status" IN ('COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED')) = ("completed_at" IS NOT NULL)),
  ADD CONSTRAINT "job_step_skip_has_reason"
    CHECK (("status" = 'SKIPPED') = ("skipped_because" IS NOT NULL)),
  ADD CONSTRAINT "job_step_failed_has_error"
    CHECK ("status" <> 'FAILED' OR ("error_message" IS NOT NULL AND "error_category" IS NOT NULL));

ALTER TABLE "step_attempt"
  ADD CONSTRAINT "step_attempt_final_has_completed_at"
    CHECK (("status" = 'RUNNING') = ("completed_at" IS NULL)),
  ADD CONSTRAINT "step_attempt_number_from_one" CHECK ("number" >= 1);

ALTER TABLE "execution"
  ADD CONSTRAINT "execution_outcome_with_completed_at"
    CHECK (("completed_at" IS NULL) = ("outcome" IS NULL)),
  ADD CONSTRAINT "execution_outcome_known"
    CHECK ("outcome" IN ('completed', 'failed', 'cancelled', 'waiting', 'paused', 'released', 'lost'));

-- Who still holds a job: the reaper looks only here.
CREATE INDEX "execution_open_lease" ON "execution" ("lease_expires_at") WHERE "completed_at" IS NULL;

-- Jobs that are not at their end: a small set, however many finished ones there are.
CREATE INDEX "job_unfinished" ON "job" ("tenant_id", "status", "id")
  WHERE "status" IN ('CREATED', 'QUEUED', 'RUNNING', 'WAITING', 'PAUSED');

INSERT INTO "tenant" ("id", "slug", "name")
VALUES ('00000000-0000-7000-8000-000000000001', 'default', 'Default');
