import type { LanguageModel, ModelMessage, ToolSet } from 'ai';

/** One call of a model. */
export interface ModelCall {
  model: string;
  connection: LanguageModel;
  messages: ModelMessage[];
  /** Those that are new since the last turn: what people see as the turn's input. */
  fresh: unknown;
  system?: string;
  tools?: ToolSet;
  /** JSON Schema of the answer. */
  output?: Record<string, unknown>;
  temperature?: number;
  maxOutputTokens?: number;
}
