-- The items of a forEach step are steps of their own: behind it in the timeline, each with its value.
ALTER TABLE "job_step" ADD COLUMN "position" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "job_step" ADD COLUMN "item" JSONB;
DROP INDEX "job_step_job_id_index_key";
CREATE UNIQUE INDEX "job_step_job_id_index_position_key" ON "job_step"("job_id", "index", "position");
