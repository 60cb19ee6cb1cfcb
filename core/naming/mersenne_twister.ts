/**
 * MT19937, seeded as CPython's `random.Random(int)` seeds it.
 *
 * @module
 */

const STATE_WORDS = 624;
const TWIST_OFFSET = 397;

/**
 * Seeds the generator with `init_by_array(key)` and returns its stream of unsigned 32-bit outputs.
 * The key is the seed's 32-bit words, least significant first, without leading zero words.
 *
 * Source: Matsumoto and Nishimura, mt19937ar (2002), the algorithm behind CPython's `random`.
 *
 * @example
 * ```ts
 * import { newMersenneTwister } from "./mersenne_twister.ts";
 * import { assertEquals } from "@std/assert";
 * const next = newMersenneTwister([0x123, 0x234, 0x345, 0x456]);
 * assertEquals([next(), next(), next()], [1067595299, 955945823, 477289528]);
 * ```
 */
export function newMersenneTwister(key: readonly number[]): () => number {
  const state = seedByArray(key);
  let position = STATE_WORDS;
  return () => {
    if (position === STATE_WORDS) {
      twist(state);
      position = 0;
    }
    return temper(word(state, position++));
  };
}

/** Reads a word; typed arrays are never sparse, but the compiler cannot know the bounds. */
function word(words: Uint32Array | readonly number[], index: number): number {
  return words[index] ?? 0;
}

function seedByArray(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(STATE_WORDS);
  state[0] = 19650218;
  for (let i = 1; i < STATE_WORDS; i++) state[i] = Math.imul(1812433253, mixed(state, i)) + i;

  let i = 1;
  const advance = () => {
    if (++i < STATE_WORDS) return;
    state[0] = word(state, STATE_WORDS - 1);
    i = 1;
  };
  for (let step = 0; step < Math.max(STATE_WORDS, key.length); step++) {
    const j = step % key.length;
    state[i] = (word(state, i) ^ Math.imul(mixed(state, i), 1664525)) + word(key, j) + j;
    advance();
  }
  for (let step = 1; step < STATE_WORDS; step++) {
    state[i] = (word(state, i) ^ Math.imul(mixed(state, i), 1566083941)) - i;
    advance();
  }
  state[0] = 0x80000000;
  return state;
}

/** The word before `i`, folded with its own top two bits. */
function mixed(state: Uint32Array, i: number): number {
  const before = word(state, i - 1);
  return before ^ (before >>> 30);
}

/** Advances the whole state by one generation, in place. */
function twist(state: Uint32Array): void {
  for (let i = 0; i < STATE_WORDS; i++) {
    const joined = (word(state, i) & 0x80000000) | (word(state, (i + 1) % STATE_WORDS) & 0x7fffffff);
    const feedback = (joined & 1) === 0 ? 0 : 0x9908b0df;
    state[i] = word(state, (i + TWIST_OFFSET) % STATE_WORDS) ^ (joined >>> 1) ^ feedback;
  }
}

function temper(value: number): number {
  let y = value;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  y ^= y >>> 18;
  return y >>> 0;
}
