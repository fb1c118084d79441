import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { WorkerUsage } from '@signalbox/db/workers';

/** What this process uses; its CPU time since it was last asked. Programs of steps are processes of their own. */
export class OwnUsage {
  #cpu = process.cpuUsage();
  #at = performance.now();

  read(): WorkerUsage {
    const { system, user } = process.cpuUsage(this.#cpu);
    const now = performance.now();
    const elapsed = Math.max(1, now - this.#at);
    this.#cpu = process.cpuUsage();
    this.#at = now;
    const [loadAverage = 0] = loadavg();
    return { rssBytes: process.memoryUsage.rss(), cpuPercent: (user + system) / 10 / elapsed, loadAverage };
  }
}
