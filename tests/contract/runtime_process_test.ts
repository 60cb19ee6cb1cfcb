/**
 * The laws of runtimes, kept by plain processes.
 *
 * @module
 */
import { newProcessBench } from "../support/process_bench.ts";
import { runtimeSuite } from "./runtime_suite.ts";

runtimeSuite("process", () => newProcessBench(), {
  supports: { commands: true, images: false, signals: true, timeoutReason: true },
});
