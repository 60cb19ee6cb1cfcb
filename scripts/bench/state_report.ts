/**
 * The measurements of the stores as tables of ratios.
 *
 * @module
 */
import { newStyle } from "../../core/cli/style.ts";
import { formatTable } from "../../core/cli/table.ts";
import type { Syncs } from "./count_syncs.ts";
import type { RoundTimes } from "./measure_round.ts";
import type { Backend } from "./open_backend.ts";
import type { Operation, OperationGroup } from "./operation.ts";
import { quantile } from "./quantile.ts";

/** What was measured. */
export interface StateMeasurements {
  readonly operations: readonly Operation[];
  readonly rounds: readonly RoundTimes[];
  /** Null where nothing could be traced. */
  readonly syncs: { readonly own: Syncs; readonly reference: Syncs } | null;
  /** How many times faster the operations of a group should be. */
  readonly bars: Readonly<Partial<Record<OperationGroup, number>>>;
}

const TITLES: readonly (readonly [group: OperationGroup, title: string])[] = [
  ["write", "Writes"],
  ["extended", "Writes that do more than the reference's, in one transaction too"],
  ["read", "Reads"],
  ["list", "Reads of many rows, which take longer to decode than to find"],
  ["more", "What the reference does not have, against its calls for the same work, or any read or write"],
];

const COLUMNS = [
  { header: "OPERATION" },
  { header: "FULL", align: "right" },
  { header: "QUARTILES", align: "right" },
  { header: "NORMAL", align: "right" },
  { header: "MEMORY", align: "right" },
  { header: "TRANSACTIONS", align: "right" },
  { header: "SYNCS", align: "right" },
  { header: "THEIRS", align: "right" },
  { header: "DOES MORE" },
] as const;

/** One table for each group, each with what is to be said about its bar. */
export function stateReport(measured: StateMeasurements): string {
  return TITLES.map(([group, title]) => {
    const operations = measured.operations.filter((operation) => operation.group === group);
    const rows = operations.map((operation) => toRow(operation, measured));
    const table = formatTable(COLUMNS, rows, { style: newStyle(false), columns: null });
    const bar = measured.bars[group];
    return `${title}\n${table}${bar === undefined ? "" : verdict(operations, measured.rounds, bar)}`;
  }).join("\n");
}

function toRow(operation: Operation, { rounds, syncs }: StateMeasurements): string[] {
  const at = (backend: Backend, part: number) => round(quantile(ratios(rounds, operation, backend), part));
  const theirs = operation.reference.map((name) => syncs?.reference.get(name) ?? NaN);
  return [
    operation.name,
    at("full", 0.5),
    `${at("full", 0.25)} to ${at("full", 0.75)}`,
    at("normal", 0.5),
    at("memory", 0.5),
    String(operation.transactions),
    syncs === null ? "" : round(syncs.own.get(operation.name) ?? NaN),
    syncs === null ? "" : round(sum(theirs)),
    operation.adds ?? "",
  ];
}

function verdict(operations: readonly Operation[], rounds: readonly RoundTimes[], bar: number): string {
  const missed = operations.flatMap((operation) => {
    const median = quantile(ratios(rounds, operation, "full"), 0.5);
    return median >= bar ? [] : [`${operation.name} (${round(median)})`];
  });
  return `The bar at FULL is ${bar}: ${
    missed.length === 0 ? "all reach it" : `missed by ${missed.join(", ")}`
  }\n`;
}

/** How many times faster than the reference's calls, by round. */
function ratios(rounds: readonly RoundTimes[], operation: Operation, backend: Backend): number[] {
  return rounds.map(({ reference, [backend]: own }) =>
    sum(operation.reference.map((name) => reference.get(name) ?? NaN)) / (own.get(operation.name) ?? NaN)
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
