/**
 * `carrel context merge`
 *
 * @module
 */
import { contextWrite } from "./context_write.ts";

/** Merges into a context. */
export default contextWrite("merge", "merged into", {
  summary: "Merge a JSON object into a session or a state",
  description:
    "Its members take the place of those of the same name, at the top level; the others stay. Merges that happen at once are all kept.",
  examples: [{ line: "carrel context merge session demo/q7m2x @facts.json", note: "beside what is there" }],
});
