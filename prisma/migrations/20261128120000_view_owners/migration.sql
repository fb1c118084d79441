-- Whose a view is was told by a name, which people who sign in with an identity provider choose themselves.
ALTER TABLE "saved_view" ADD COLUMN "owner_name" TEXT;
UPDATE "saved_view" SET "owner_name" = "owner";
ALTER TABLE "saved_view" ALTER COLUMN "owner_name" SET NOT NULL;

-- Views of a name that only one of them has ever had here go on to be theirs.
UPDATE "saved_view" v SET "owner" = s."owner"
FROM (
  SELECT "tenant_id", "name", min("owner") AS "owner" FROM "web_session"
  WHERE "token_id" IS NULL GROUP BY "tenant_id", "name" HAVING count(DISTINCT "owner") = 1
) s
WHERE s."tenant_id" = v."tenant_id" AND s."name" = v."owner"
  AND NOT EXISTS (SELECT FROM "api_token" t WHERE t."tenant_id" = v."tenant_id" AND t."name" = v."owner");
