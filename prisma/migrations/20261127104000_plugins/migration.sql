CREATE TYPE "plugin_status" AS ENUM ('LOADED', 'REFUSED');

-- What became of each plugin that a worker was told to load, in the order of its settings.
CREATE TABLE "worker_plugin" (
    "worker_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT,
    "status" "plugin_status" NOT NULL,
    "problem" TEXT,
    "step_types" TEXT[],

    CONSTRAINT "worker_plugin_pkey" PRIMARY KEY ("worker_id","position")
);

ALTER TABLE "worker_plugin" ADD CONSTRAINT "worker_plugin_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "worker"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "worker_plugin" ADD CONSTRAINT "worker_plugin_refused_has_problem" CHECK ("status" = 'LOADED' OR "problem" IS NOT NULL);
