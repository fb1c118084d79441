/** Most units of a form that a text may end with before they count as its beginning. */
const TELLING_UNITS = 8;
const TELLING_PART = 0.75;

/**
 * Finds any of many forms in one pass over a text (Aho-Corasick): what a unit costs does not depend on how many forms there
 * are. Its whole state is one number, so that a search can go on in the next piece of a stream. 0 is the start.
 */
export class FormAutomaton {
  /** Per state: how long the longest form is that ends there; 0 when none does. */
  readonly matched: Int32Array;
  /** The unit that leads to a state, and the state it comes from. */
  readonly #unit: Uint16Array;
  readonly #parent: Int32Array;
  readonly #depth: Int32Array;
  /** The longest other beginning of a form that ends there as well. */
  readonly #fallback: Int32Array;
  /** States that already give away much of a form. */
  readonly #telling: Uint8Array;
  /** Children, hashed by state and unit. */
  readonly #slots: Int32Array;
  /** Which pairs of units begin a form, hashed: most places of a text need no closer look. */
  readonly #pairs = new Uint8Array(1 << 16);
  #size = 1;

  constructor(forms: readonly string[]) {
    const most = forms.reduce((units, form) => units + form.length, 1);
    this.matched = new Int32Array(most);
    this.#unit = new Uint16Array(most);
    this.#parent = new Int32Array(most);
    this.#depth = new Int32Array(most);
    this.#fallback = new Int32Array(most);
    this.#telling = new Uint8Array(most);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(most * 2)));
    for (const form of forms) this.#add(form);
    this.#link();
  }

  /** Whether a form may begin with these units. Only what this says no to is sure. */
  mayBegin(unit: number, next: number): boolean {
    return this.#pairs[pairOf(unit, next)] === 1;
  }

  next(state: number, unit: number): number {
    let from = state;
    for (;;) {
      const child = this.#child(from, unit);
      if (child !== 0 || from === 0) return child;
      from = this.#fallback[from] ?? 0;
    }
  }

  /** How many of the last units are a telling beginning of a form that could go on. */
  begun(state: number): number {
    let at = state;
    while (at !== 0 && this.#telling[at] === 0) at = this.#fallback[at] ?? 0;
    return this.#depth[at] ?? 0;
  }

  #add(form: string): void {
    const telling = Math.min(TELLING_UNITS, Math.ceil(form.length * TELLING_PART));
    let state = 0;
    for (let index = 0; index < form.length; index += 1) {
      state = this.#child(state, form.charCodeAt(index)) || this.#grow(state, form.charCodeAt(index));
      if (index + 1 >= telling) this.#telling[state] = 1;
    }
    this.matched[state] = form.length;
    this.#pairs[pairOf(form.charCodeAt(0), form.charCodeAt(1))] = 1;
  }

  #grow(state: number, unit: number): number {
    const child = this.#size++;
    this.#unit[child] = unit;
    this.#parent[child] = state;
    this.#depth[child] = (this.#depth[state] ?? 0) + 1;
    let slot = this.#slotOf(state, unit);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
    this.#slots[slot] = child;
    return child;
  }

  #child(state: number, unit: number): number {
    for (let slot = this.#slotOf(state, unit); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const child = this.#slots[slot] ?? 0;
      if (child === 0 || (this.#parent[child] === state && this.#unit[child] === unit)) return child;
    }
  }

  #slotOf(state: number, unit: number): number {
    const mixed = Math.imul(Math.imul(state, 0x9e3779b1) ^ unit, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  /** States nearer to the start come first: what a state falls back to is always shorter. */
  #link(): void {
    const states = Uint32Array.from({ length: this.#size - 1 }, (_, index) => index + 1);
    states.sort((one, other) => (this.#depth[one] ?? 0) - (this.#depth[other] ?? 0));
    for (const state of states) {
      const parent = this.#parent[state] ?? 0;
      if (parent === 0) continue;
      const fallback = this.next(this.#fallback[parent] ?? 0, this.#unit[state] ?? 0);
      this.#fallback[state] = fallback;
      if (this.matched[state] === 0) this.matched[state] = this.matched[fallback] ?? 0;
    }
  }
}

function pairOf(unit: number, next: number): number {
  return (Math.imul(unit, 251) ^ next) & 0xffff;
}
