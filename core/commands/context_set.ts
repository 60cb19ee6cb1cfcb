/**
 * `carrel context set`
 *
 * @module
 */
import { contextWrite } from "./context_write.ts";

/** Sets a context. */
export default contextWrite("set", "set", {
  summary: "Set a session or a state to a JSON object",
  description:
    "Nothing of what was there stays. A session belongs to a flow, a state to an agent; each write of a state gives it the next version.",
  examples: [{
    line: "carrel context set state claude @state.json --if-version 0",
    note: "only if it has none yet",
  }],
});
