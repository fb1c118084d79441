-- Jobs with the same key run beside each other up to their limit only.
ALTER TABLE "job" ADD COLUMN "concurrency_key" TEXT;
ALTER TABLE "job" ADD COLUMN "concurrency_limit" INTEGER;
CREATE INDEX "job_concurrency" ON "job"("tenant_id", "concurrency_key", "id")
  WHERE "concurrency_key" IS NOT NULL AND "status" IN ('QUEUED', 'RUNNING');
