-- Inputs of jobs that were kept under a name, to be started from again.
CREATE TABLE "input_template" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "workflow_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "input" JSON NOT NULL,
    "priority" "job_priority",
    "subject" TEXT,
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "input_template_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "input_template_workflow_id_name_key" ON "input_template"("workflow_id", "name");
ALTER TABLE "input_template" ADD CONSTRAINT "input_template_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;
