const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const text = (title: string, description?: string) => ({ type: 'string', title, ...(description && { description }) });

function stepType(type: string, title: string, icon: string, description: string, configSchema: object) {
  return {
    type,
    title,
    icon,
    description,
    configSchema,
    outputSchema: null,
    plugin: 'signalbox',
    pluginVersion: '0.1.0',
    workers: 2,
  };
}

/** Some of the step types that workers offer. */
export const STEP_TYPES = [
  stepType(
    'agent',
    'Agent',
    'robot',
    'A model that works with tools.',
    object({ prompt: text('Prompt'), model: text('Model') }, ['prompt']),
  ),
  stepType(
    'approval',
    'Approval',
    'user-check',
    'Waits until somebody decides.',
    object({ message: text('Message') }, ['message']),
  ),
  stepType(
    'command',
    'Command',
    'terminal',
    'Runs a program.',
    object({ run: text('Run', 'Given to a shell.'), cwd: text('Folder') }),
  ),
  stepType(
    'prompt',
    'Prompt',
    'message',
    'Asks a model once.',
    object({ prompt: text('Prompt'), model: text('Model') }, ['prompt']),
  ),
  stepType(
    'sqlite.query',
    'Query a SQLite database',
    'database',
    'Reads rows.',
    object({ database: text('Database'), sql: text('SQL') }, ['database', 'sql']),
  ),
  stepType(
    'tool',
    'Tool',
    'tool',
    'Calls a tool.',
    object({ tool: text('Tool'), input: { type: 'object', title: 'Input' } }, ['tool']),
  ),
];
