-- Who may use the service: API tokens, sessions of the web app, and sign-ins that have begun.
CREATE TYPE "access_scope" AS ENUM ('READ', 'OPERATE', 'ADMIN');

CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scope" "access_scope" NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "web_session" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "previous_hash" BYTEA,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scope" "access_scope" NOT NULL,
    "token_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "web_session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sign_in" (
    "hash" BYTEA NOT NULL,
    "state" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "verifier" TEXT NOT NULL,
    "return_to" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_pkey" PRIMARY KEY ("hash")
);

CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

CREATE INDEX "api_token_tenant_id_id_idx" ON "api_token"("tenant_id", "id");

CREATE UNIQUE INDEX "web_session_hash_key" ON "web_session"("hash");

CREATE UNIQUE INDEX "web_session_previous_hash_key" ON "web_session"("previous_hash");

CREATE INDEX "web_session_tenant_id_owner_idx" ON "web_session"("tenant_id", "owner");

CREATE INDEX "web_session_expires_at_idx" ON "web_session"("expires_at");

CREATE INDEX "sign_in_expires_at_idx" ON "sign_in"("expires_at");

ALTER TABLE "api_token" ADD CONSTRAINT "api_token_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "web_session" ADD CONSTRAINT "web_session_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "web_session" ADD CONSTRAINT "web_session_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "api_token"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

ALTER TABLE "api_token"
  ADD CONSTRAINT "api_token_hash_is_sha256" CHECK (octet_length("hash") = 32),
  ADD CONSTRAINT "api_token_revoked_by_somebody" CHECK (("revoked_at" IS NULL) = ("revoked_by" IS NULL));

ALTER TABLE "web_session"
  ADD CONSTRAINT "web_session_hash_is_sha256" CHECK (octet_length("hash") = 32);
