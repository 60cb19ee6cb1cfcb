import { assertEquals } from "@std/assert";
import { newDenoSystem, passwdEntry } from "../../core/host/deno_system.ts";

const PASSWD =
  "root:x:0:0:root:/root:/bin/sh\nodd line\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\nnone:x:7:7::relative:\n";

Deno.test("passwdEntry() finds the name and the absolute home of a user id", () => {
  const homes = [0, 1000, 7, 5].map((uid) => passwdEntry(PASSWD, uid)?.homeDir ?? null);
  assertEquals(homes, ["/root", "/home/ann", null, null]);
  assertEquals(passwdEntry(PASSWD, 1000)?.name, "ann");
});

Deno.test("newDenoSystem() starts itself again with the argv that it is given", () => {
  assertEquals(newDenoSystem(["/opt/carrel", "x"]).selfArgv, ["/opt/carrel", "x"]);
});
