/**
 * The process of one plugin: loads it, and then runs steps of it as the executor says. Whatever the plugin does to this
 * process it does to itself.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import type { StepType } from '@signalbox/plugin-sdk';
import { MessageReader } from '../message-reader.ts';
import { type HostMessage, MESSAGES_FD } from '../protocol.ts';
import { describeThrown } from '../thrown.ts';
import { describePlugin, loadPlugin } from './load.ts';
import { watchModules } from './loaded-modules.ts';
import { Outbox } from './outbox.ts';
import { RunningStep } from './running-step.ts';

const [url = ''] = process.argv.slice(2);
const socket = new Socket({ fd: MESSAGES_FD, readable: true, writable: true });
const outbox = new Outbox(socket);
const running = new Map<number, RunningStep>();
const current = new AsyncLocalStorage<RunningStep>();
const stepTypes = new Map<string, StepType>();

// The executor is gone, and with it everything that this process is for.
for (const end of ['end', 'close', 'error']) socket.on(end, () => process.exit(1));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, charge);
const reader = new MessageReader((message) => obey(message as HostMessage));
socket.on('data', (chunk: Buffer) => reader.push(chunk));

const modules = watchModules();
const loaded = await loadPlugin(url);
if (loaded.problem !== undefined) outbox.send({ type: 'refused', problem: loaded.problem, files: modules.files() });
else {
  for (const stepType of loaded.plugin.stepTypes) stepTypes.set(stepType.type, stepType);
  outbox.send({ type: 'loaded', plugin: describePlugin(loaded.plugin), files: modules.files() });
}

/** What nobody awaits belongs to the step that set it going, as long as that runs; else it is only told. */
function charge(error: unknown): void {
  if (current.getStore()?.fail(error)) return;
  outbox.send({ type: 'stray', thrown: describeThrown(error) });
}

function obey(message: HostMessage): void {
  if (message.type === 'run') {
    begin(message);
    return;
  }
  const step = running.get(message.step);
  if (step) current.run(step, () => step.hear(message));
}

function begin({ facts, logRoom, step: id }: Extract<HostMessage, { type: 'run' }>): void {
  const stepType = stepTypes.get(facts.step.type);
  if (!stepType) throw new Error(`the plugin has no step type ${facts.step.type}`);
  const step = new RunningStep(id, stepType, { facts, logRoom }, outbox);
  running.set(id, step);
  void current.run(step, () => step.run()).finally(() => running.delete(id));
}
