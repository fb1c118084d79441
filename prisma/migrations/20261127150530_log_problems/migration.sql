-- The lines that people look for in a long log are few: finding and counting them reads only these.
CREATE INDEX "log_line_problems" ON "log_line" ("job_id", "seq") INCLUDE ("level") WHERE "level" IN ('WARNING', 'ERROR');
