-- What tool steps and agents can call on a worker, and how its MCP servers are.
CREATE TYPE tool_server_status AS ENUM ('CONNECTING', 'READY', 'UNREACHABLE');

CREATE TABLE worker_tool (
  worker_id uuid NOT NULL REFERENCES worker (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name text NOT NULL,
  tenant_id uuid NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  server text,
  input_schema jsonb NOT NULL,
  output_schema jsonb,
  CONSTRAINT worker_tool_pkey PRIMARY KEY (worker_id, name)
);

CREATE TABLE worker_tool_server (
  worker_id uuid NOT NULL REFERENCES worker (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name text NOT NULL,
  tenant_id uuid NOT NULL,
  transport text NOT NULL,
  status tool_server_status NOT NULL,
  problem text,
  CONSTRAINT worker_tool_server_pkey PRIMARY KEY (worker_id, name)
);
