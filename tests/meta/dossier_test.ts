import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/error.ts";
import { decodeDossier, encodeDossier } from "../../core/meta/dossier.ts";

const EXAMPLE = `{
  "project": "orchard",
  "task": "q7m2x",
  "name": "prune-old-branches"
}
`;

Deno.test("encodeDossier() writes the reference's example byte for byte", () => {
  const dossier = { project: "orchard", task: "q7m2x", name: "prune-old-branches" };
  assertEquals(encodeDossier(dossier), EXAMPLE);
  assertEquals(decodeDossier(EXAMPLE, "x"), { ...dossier, extra: {} });
});

Deno.test("encodeDossier() leaves out empty values and keeps text raw", () => {
  assertEquals(encodeDossier({ project: "orchard", task: "", name: null }), '{\n  "project": "orchard"\n}\n');
  assertEquals(
    encodeDossier({ project: null, task: null, name: "Bäume 🌳" }),
    '{\n  "name": "Bäume 🌳"\n}\n',
  );
  assertEquals(encodeDossier({ project: null, task: null, name: null }), "{}\n");
});

Deno.test("decodeDossier() takes a missing file for an empty dossier and keeps unknown keys", () => {
  assertEquals(decodeDossier(null, "x"), { project: null, task: null, name: null, extra: {} });
  const text = '{\n  "project": "orchard",\n  "colour": {\n    "tree": "green"\n  }\n}\n';
  assertEquals(encodeDossier(decodeDossier(text, "x")), text);
});

Deno.test("decodeDossier() names the file of anything but an object", () => {
  for (const text of ["", " \n\t\n", '{"project": "orch', "[]", "null", '"text"', "\0\0\0\0", "7"]) {
    const error = assertThrows(
      () => decodeDossier(text, "/tasks/q7m2x_dossier.json"),
      AppError,
      "/tasks/q7m2x_dossier.json",
    );
    assertEquals([error.code, error.details.file], ["record_damaged", "/tasks/q7m2x_dossier.json"]);
  }
});

Deno.test("decodeDossier() reads back what encodeDossier() writes", () => {
  const text = fc.option(fc.string({ unit: "binary", minLength: 1 }));
  fc.assert(fc.property(text, text, text, (project, task, name) => {
    assertEquals(decodeDossier(encodeDossier({ project, task, name }), "x"), {
      project,
      task,
      name,
      extra: {},
    });
  }));
});
