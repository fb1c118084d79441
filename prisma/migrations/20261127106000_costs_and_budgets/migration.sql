-- What models cost, what steps do inside themselves, and the budgets that hold both.
CREATE TYPE "activity_kind" AS ENUM ('MODEL_TURN', 'TOOL_CALL');

CREATE TYPE "budget_scope" AS ENUM ('STEP', 'JOB', 'WORKFLOW', 'TENANT');

CREATE TYPE "budget_action" AS ENUM ('FAIL', 'PAUSE', 'WARN');

CREATE TYPE "budget_period" AS ENUM ('ALWAYS', 'HOUR', 'DAY', 'WEEK', 'MONTH');

ALTER TABLE "tenant" ADD COLUMN     "budget_action" "budget_action",
ADD COLUMN     "budget_micro_usd" BIGINT,
ADD COLUMN     "budget_period" "budget_period",
ADD COLUMN     "budget_tokens" BIGINT;

ALTER TABLE "job_step" ADD COLUMN     "cost_partial" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "unpriced_models" TEXT[] DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "step_activity" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "step_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "parent_id" UUID,
    "kind" "activity_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "status" "step_status" NOT NULL,
    "input" JSONB,
    "output" JSONB,
    "error_message" TEXT,
    "micro_usd" BIGINT,
    "input_tokens" BIGINT,
    "output_tokens" BIGINT,
    "partial" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "step_activity_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "cost_entry" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "workflow_id" UUID NOT NULL,
    "step_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "model" TEXT,
    "micro_usd" BIGINT,
    "input_tokens" BIGINT,
    "output_tokens" BIGINT,
    "price_version" TEXT,
    "partial" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cost_entry_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "budget_account" (
    "scope" "budget_scope" NOT NULL,
    "owner_id" UUID NOT NULL,
    "period" "budget_period" NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID,
    "spent_micro_usd" BIGINT NOT NULL DEFAULT 0,
    "spent_tokens" BIGINT NOT NULL DEFAULT 0,
    "reserved_micro_usd" BIGINT NOT NULL DEFAULT 0,
    "reserved_tokens" BIGINT NOT NULL DEFAULT 0,
    "set_by_hand" BOOLEAN NOT NULL DEFAULT false,
    "limit_micro_usd" BIGINT,
    "limit_tokens" BIGINT,
    "action" "budget_action",
    "warned_at" TIMESTAMPTZ(3),

    CONSTRAINT "budget_account_pkey" PRIMARY KEY ("scope","owner_id","period","period_start")
);

CREATE TABLE "budget_reservation" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "step_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "micro_usd" BIGINT NOT NULL,
    "tokens" BIGINT NOT NULL,
    "accounts" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budget_reservation_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "step_activity_step_id_id_idx" ON "step_activity"("step_id", "id");

CREATE INDEX "step_activity_job_id_status_idx" ON "step_activity"("job_id", "status");

CREATE INDEX "cost_entry_job_id_idx" ON "cost_entry"("job_id");

CREATE INDEX "cost_entry_workflow_id_at_idx" ON "cost_entry"("workflow_id", "at");

CREATE INDEX "cost_entry_tenant_id_at_idx" ON "cost_entry"("tenant_id", "at");

CREATE INDEX "budget_account_job_id_idx" ON "budget_account"("job_id");

CREATE INDEX "budget_reservation_job_id_idx" ON "budget_reservation"("job_id");

ALTER TABLE "step_activity" ADD CONSTRAINT "step_activity_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "cost_entry" ADD CONSTRAINT "cost_entry_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "budget_account" ADD CONSTRAINT "budget_account_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "budget_reservation" ADD CONSTRAINT "budget_reservation_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

ALTER TABLE "step_activity"
  ADD CONSTRAINT "step_activity_final_has_completed_at" CHECK (("status" = 'RUNNING') = ("completed_at" IS NULL)),
  ADD CONSTRAINT "step_activity_status_known" CHECK ("status" IN ('RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'));

ALTER TABLE "budget_account"
  ADD CONSTRAINT "budget_account_never_below_zero" CHECK (
    "spent_micro_usd" >= 0 AND "spent_tokens" >= 0 AND "reserved_micro_usd" >= 0 AND "reserved_tokens" >= 0),
  ADD CONSTRAINT "budget_account_by_hand_has_action" CHECK (NOT "set_by_hand" OR "action" IS NOT NULL);
