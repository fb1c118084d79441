import type { Issue, Path } from './issues.ts';
import { IssueList, pointerPath } from './issues.ts';
import type { WorkflowSource } from './workflow-source.ts';

/** What is wrong with a workflow, each thing with its place in the source. */
export class SourceIssues {
  readonly #list = new IssueList();
  readonly #source: WorkflowSource;
  readonly #place: (path: Path) => Path;

  /** @param place where in the source a path stands, when that reads otherwise */
  constructor(source: WorkflowSource, place: (path: Path) => Path = (path) => path) {
    this.#source = source;
    this.#place = place;
  }

  /** True when no more is taken: what is costly to find need not be looked for. */
  get full(): boolean {
    return this.#list.full;
  }

  get empty(): boolean {
    return this.#list.empty;
  }

  add(path: Path, message: string, of: 'key' | 'value' = 'value'): void {
    const place = this.#place(path);
    if (!this.full) this.#list.add(place, message, this.#source.position(place, of));
  }

  /** About one sign of the text at the path: `offset` signs behind `start`, which is best the offset of a `${{`. */
  addInText(path: Path, start: number, offset: number, message: string): void {
    const place = this.#place(path);
    if (!this.full) this.#list.add(place, message, this.#source.positionInText(place, start, offset));
  }

  /** Issues whose paths begin at the path. */
  addBelow(path: Path, issues: readonly Issue[]): void {
    for (const issue of issues) this.add([...path, ...pointerPath(issue.path)], issue.message, 'key');
  }

  inTextOrder(): Issue[] {
    return this.#list.inTextOrder();
  }
}
