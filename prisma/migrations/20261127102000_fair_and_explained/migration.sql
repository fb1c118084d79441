-- AlterTable
ALTER TABLE "step_attempt" ADD COLUMN     "cpu_ms" BIGINT,
ADD COLUMN     "peak_memory_bytes" BIGINT;

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "cpu_percent" DOUBLE PRECISION,
ADD COLUMN     "cpus" INTEGER,
ADD COLUMN     "critical_slots" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "host" TEXT,
ADD COLUMN     "load_average" DOUBLE PRECISION,
ADD COLUMN     "pid" INTEGER,
ADD COLUMN     "rss_bytes" BIGINT,
ADD COLUMN     "version" TEXT;

-- What stands in a queue, in the order of each priority: who comes before whom, and the next CRITICAL job. Read without the jobs.
CREATE INDEX "job_in_queue" ON "job" ("queue", "priority", "queued_at", "id")
  INCLUDE ("tenant_id", "concurrency_key", "concurrency_limit") WHERE "status" = 'QUEUED';
