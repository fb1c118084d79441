-- A job's row changes its status three times at least, and each time every index of the table gets a new entry. Most jobs have
-- no subject, no labels and no job that they were made from: only those that have one belong in these indexes.
DROP INDEX "job_tenant_id_subject_id_idx";
DROP INDEX "job_rerun_of_id_idx";
DROP INDEX "job_forked_from_id_idx";
DROP INDEX "job_labels_idx";

CREATE INDEX "job_subject" ON "job" ("tenant_id", "subject", "id") WHERE "subject" IS NOT NULL;
CREATE INDEX "job_rerun_of" ON "job" ("rerun_of_id") WHERE "rerun_of_id" IS NOT NULL;
CREATE INDEX "job_forked_from" ON "job" ("forked_from_id") WHERE "forked_from_id" IS NOT NULL;
CREATE INDEX "job_labels" ON "job" USING GIN ("labels") WHERE "labels" <> '{}';
