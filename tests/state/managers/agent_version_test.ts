import { assertEquals } from "@std/assert";
import { acceptsAgentVersion } from "../../../core/state/managers/agent_version.ts";

Deno.test("acceptsAgentVersion() follows the reference's rule", () => {
  const accepted = (pattern: string, versions: string[]) =>
    versions.filter((version) => acceptsAgentVersion(pattern, version));
  const versions = [
    "1.2",
    "1.2.3",
    "1.2-beta",
    " 1.2 ",
    "01.2",
    "1.9",
    "1.1",
    "2.0",
    "1",
    "v1.2",
    "1.2.3.4",
    "",
  ];
  assertEquals(accepted("1.x", versions), ["1.2", "1.2.3", "1.2-beta", " 1.2 ", "01.2", "1.9", "1.1"]);
  assertEquals(accepted("1.2.x", ["1.9", "1.1", "2.2"]), ["1.9", "1.1"]);
  assertEquals(accepted("1.2", versions), ["1.2", "1.2.3", "1.2-beta", " 1.2 ", "01.2", "1.9"]);
  assertEquals(accepted("1.2.9", ["1.2.0", "1.1.9"]), ["1.2.0"]);
  for (const pattern of ["x", "*", "", "1"]) assertEquals(accepted(pattern, versions), []);
});
