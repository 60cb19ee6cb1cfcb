/**
 * Does nothing: what a compiled program costs before it has done anything.
 *
 * @module
 */
export {};
