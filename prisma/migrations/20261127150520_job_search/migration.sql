-- What finds jobs by texts and values. Each change of a job's status gives every index that it is in a new entry, so jobs come
-- into these when they are final, once; the few unfinished ones are found by "job_unfinished" and looked at one by one.

CREATE FUNCTION "signalbox_label_text"("labels" TEXT[]) RETURNS TEXT
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT array_to_string("labels", E'\n') $$;

CREATE INDEX "job_final_id_end" ON "job" ("tenant_id", reverse("id"::text) text_pattern_ops) WHERE "completed_at" IS NOT NULL;
CREATE INDEX "job_final_created" ON "job" ("tenant_id", "created_at") INCLUDE ("status") WHERE "completed_at" IS NOT NULL;
CREATE INDEX "job_final_input" ON "job" USING GIN ("input" jsonb_path_ops) WHERE "completed_at" IS NOT NULL;
CREATE INDEX "job_final_output" ON "job" USING GIN ("output" jsonb_path_ops)
  WHERE "completed_at" IS NOT NULL AND "output" IS NOT NULL;

-- Parts of texts need pg_trgm, which every PostgreSQL brings and whoever owns the database may create. Where it is not allowed
-- all the same, the search works without these indexes.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS "pg_trgm";
  CREATE INDEX "job_final_workflow" ON "job" USING GIN ("workflow_name" gin_trgm_ops, "workflow_slug" gin_trgm_ops)
    WHERE "completed_at" IS NOT NULL;
  CREATE INDEX "job_final_subject" ON "job" USING GIN ("subject" gin_trgm_ops)
    WHERE "completed_at" IS NOT NULL AND "subject" IS NOT NULL;
  CREATE INDEX "job_final_error" ON "job" USING GIN ("error_message" gin_trgm_ops)
    WHERE "completed_at" IS NOT NULL AND "error_message" IS NOT NULL;
  CREATE INDEX "job_final_label_text" ON "job" USING GIN ("signalbox_label_text"("labels") gin_trgm_ops)
    WHERE "completed_at" IS NOT NULL AND "labels" <> '{}';
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR invalid_parameter_value THEN
  RAISE NOTICE 'pg_trgm is not available: parts of subjects, labels and errors are searched for without an index';
END
$$;
