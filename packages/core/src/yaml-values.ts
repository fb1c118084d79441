/** The plain values of a YAML tree, and the way back from a path to its node. */

import type { Alias, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Path } from './issues.ts';
import type { Json, JsonObject } from './json.ts';

export const DEEPEST_VALUE = 100;
/** A source of the greatest allowed size has fewer values than this, unless its aliases multiply. */
const MOST_VALUES = 200_000;

/** Takes what is wrong, with the offset of its place in the text. */
export type Complain = (path: Path, message: string, offset: number) => void;

export function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** Ends the reading at once: a source that is too large is not looked at any further. */
class OutOfBounds extends Error {
  readonly path: Path;
  readonly node: unknown;

  constructor(path: Path, message: string, node: unknown) {
    super(message);
    this.path = path;
    this.node = node;
  }
}

/** Follows aliases within bounds, and takes only what JSON and the database can hold. */
export class YamlValues {
  /** Complete only when nothing was complained about. */
  readonly value: JsonObject;
  readonly #root: YAMLMap;
  readonly #complain: Complain;
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  #count = 0;

  constructor(root: YAMLMap, complain: Complain) {
    this.#root = root;
    this.#complain = complain;
    try {
      this.value = this.#readMap(root, [], false);
    } catch (error) {
      if (!(error instanceof OutOfBounds)) throw error;
      this.value = {};
      complain(error.path, error.message, startOf(error.node));
    }
  }

  /** The node at a path, aliases followed; undefined when there is none. */
  nodeAt(path: Path): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const part of path) node = this.#follow(isMap(node) ? pairAt(node, part)?.value : itemAt(node, part));
    return node;
  }

  /** The offset of the value at the path or of its key, or else of the nearest value around it. */
  offsetOf(path: Path, of: 'key' | 'value'): number {
    let node: Node | undefined = this.#root;
    let offset = startOf(this.#root);
    for (const [index, part] of path.entries()) {
      const pair: Pair | undefined = isMap(node) ? pairAt(node, part) : undefined;
      const child: unknown = pair ? pair.value : itemAt(node, part);
      if (!pair && !child) return offset;
      if (pair && (!child || (of === 'key' && index === path.length - 1))) return startOf(pair.key);
      offset = startOf(child);
      node = this.#follow(child);
    }
    return offset;
  }

  #follow(node: unknown): Node | undefined {
    if (isAlias(node)) return this.#targets.get(node);
    return (node as Node | null | undefined) ?? undefined;
  }

  /** `expanding` is true below an alias: what stands there was met before, and sets no anchors again. */
  #read(node: unknown, path: Path, expanding: boolean): Json {
    this.#count += 1;
    if (this.#count > MOST_VALUES) {
      throw new OutOfBounds(
        path,
        `The source has more than ${MOST_VALUES} values once its aliases are followed.`,
        node,
      );
    }
    if (path.length > DEEPEST_VALUE) {
      const message = `More than ${DEEPEST_VALUE} levels of nesting, or an alias that holds itself.`;
      throw new OutOfBounds(path.slice(0, 1), message, node);
    }
    if (isAlias(node)) return this.#readAlias(node, path);
    if (!expanding && (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor)
      this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#readMap(node, path, expanding);
    if (isSeq(node)) return node.items.map((item, index) => this.#read(item, [...path, index], expanding));
    return isScalar(node) ? this.#readScalar(node, path) : null;
  }

  #readAlias(alias: Alias, path: Path): Json {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (!target) {
      this.#complain(path, `There is no anchor &${alias.source} above this alias.`, startOf(alias));
      return null;
    }
    this.#targets.set(alias, target);
    return this.#read(target, path, true);
  }

  #readMap(map: YAMLMap, path: Path, expanding: boolean): JsonObject {
    const entries = new Map<string, Json>();
    for (const { key, value } of map.items) {
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : '';
      if (name === '') {
        this.#complain(path, 'A field has no name.', startOf(key) || startOf(value) || startOf(map));
      } else if (entries.has(name)) {
        this.#complain([...path, name], `"${name}" stands here twice.`, startOf(key));
      }
      entries.set(name, this.#read(value, [...path, name], expanding));
    }
    return Object.fromEntries(entries);
  }

  #readScalar(scalar: Scalar, path: Path): Json {
    const { value } = scalar;
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      if (Number.isFinite(value) && !lostDigits(scalar, value)) return value;
      this.#complain(path, 'This number cannot be kept exactly. Write it as text, in quotes.', startOf(scalar));
    } else if (typeof value === 'string') {
      if (!value.includes('\0') && value.isWellFormed()) return value;
      this.#complain(path, 'The text holds a NUL or half a character, which cannot be stored.', startOf(scalar));
    } else {
      this.#complain(path, 'Only text, numbers, true, false, null, lists and objects are allowed.', startOf(scalar));
    }
    return null;
  }
}

function lostDigits(scalar: Scalar, value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(scalar.source ?? '');
}

function pairAt(map: YAMLMap, part: string | number): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === String(part));
}

function itemAt(node: unknown, part: string | number): unknown {
  return isSeq(node) ? node.items[Number(part)] : undefined;
}
