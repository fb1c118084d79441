-- A pause that was asked for and has not taken effect yet; like the cancel it is a mark, not a status.
ALTER TABLE "job" ADD COLUMN "pause_requested_at" TIMESTAMPTZ(3);
