import { StepFailure } from '@signalbox/plugin-sdk';
import type { ToolServers } from '@signalbox/plugin-sdk/host';

const unreachable = () => {
  throw new StepFailure('There are no MCP servers.', { category: 'CONFIGURATION' });
};

export const NO_SERVERS: ToolServers = { names: [], list: unreachable, call: unreachable };
