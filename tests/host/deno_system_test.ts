import { assertEquals } from "@std/assert";
import { homeDirIn, newDenoSystem } from "../../core/host/deno_system.ts";

const PASSWD =
  "root:x:0:0:root:/root:/bin/sh\nodd line\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\nnone:x:7:7::relative:\n";

Deno.test("homeDirIn() finds the absolute home of a user id", () => {
  assertEquals([0, 1000, 7, 5].map((uid) => homeDirIn(PASSWD, uid)), ["/root", "/home/ann", null, null]);
});

Deno.test("newDenoSystem() starts itself again with the argv that it is given", () => {
  assertEquals(newDenoSystem(["/opt/carrel", "x"]).selfArgv, ["/opt/carrel", "x"]);
});
