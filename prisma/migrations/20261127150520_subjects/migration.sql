-- What jobs are about, and the newest job of each workflow about it.
CREATE INDEX "job_of_subject" ON "job"("tenant_id", "subject", "workflow_slug", "id") WHERE "subject" IS NOT NULL;
