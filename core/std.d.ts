/**
 * Types for the parts of @std that carrel uses. The npm build of @std ships plain JavaScript;
 * these declarations are what the JSR packages declare, narrowed to the calls made here.
 */
declare module "@std/assert" {
  export function assert(expr: unknown, msg?: string): asserts expr;
  export function equal(a: unknown, b: unknown): boolean;
  export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T;
  export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
  export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
  export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void;
  export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
  export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, msg?: string): void;
  export function assertGreater<T>(actual: T, expected: T, msg?: string): void;
  export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;
  export function assertLess<T>(actual: T, expected: T, msg?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
  export function assertObjectMatch(
    actual: Record<PropertyKey, unknown>,
    expected: Record<PropertyKey, unknown>,
    msg?: string,
  ): void;
  export function assertInstanceOf<T>(
    actual: unknown,
    expected: abstract new (...args: never[]) => T,
    msg?: string,
  ): asserts actual is T;
  export function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    errorClass: abstract new (...args: never[]) => E,
    msgIncludes?: string,
    msg?: string,
  ): E;
  export function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    errorClass: abstract new (...args: never[]) => E,
    msgIncludes?: string,
    msg?: string,
  ): Promise<E>;
  export function fail(msg?: string): never;
}

declare module "@std/path" {
  export function join(path: string, ...paths: string[]): string;
  export function resolve(...paths: string[]): string;
  export function dirname(path: string): string;
  export function basename(path: string, suffix?: string): string;
  export function relative(from: string, to: string): string;
  export function normalize(path: string): string;
  export function isAbsolute(path: string): boolean;
  export function fromFileUrl(url: string | URL): string;
  export function toFileUrl(path: string): URL;
}

declare module "@std/yaml" {
  export function parse(
    content: string,
    options?: {
      schema?: "failsafe" | "json" | "core" | "default" | "extended";
      allowDuplicateKeys?: boolean;
    },
  ): unknown;
  export function stringify(data: unknown, options?: Record<string, unknown>): string;
  export class YamlSyntaxError extends SyntaxError {
    /** Counted from 1. */
    line: number;
  }
}

declare module "@std/text" {
  export function levenshteinDistance(a: string, b: string): number;
  export function closestString(given: string, possible: readonly string[]): string;
}

/** ECMAScript 2026; the compiler does not know it yet. */
interface JSON {
  /** A JSON text of a primitive that `JSON.stringify` writes as it is. */
  rawJSON(text: string): unknown;
}
