/** Tests of the JSON Schema. @module */
import { assert, assertEquals } from "@std/assert";
import { configSchema } from "../../core/config/config_schema.ts";
import { CONFIG_KEY_NAMES, keyRule } from "../../core/config/keys.ts";
import { isMap } from "../../core/config/parse_yaml_bounded.ts";

/** The schema of the value at a dotted key; undefined when the key is not allowed. */
function schemaAt(schema: unknown, key: string): Record<string, unknown> | undefined {
  let node = schema;
  for (const part of key.split(".")) {
    if (!isMap(node)) return undefined;
    assertEquals(node["additionalProperties"], false, key);
    node = isMap(node["properties"]) ? node["properties"][part] : undefined;
  }
  return isMap(node) ? node : undefined;
}

Deno.test("configSchema() has exactly the keys of each file, described, with their defaults", () => {
  for (const scope of ["project", "global"] as const) {
    const schema = configSchema(scope);
    assertEquals(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for (const key of CONFIG_KEY_NAMES) {
      const found = schemaAt(schema, key);
      const rule = keyRule(key);
      assertEquals(found !== undefined, rule.scopes.includes(scope), `${key} in ${scope}`);
      if (found === undefined) continue;
      assertEquals(found["description"], rule.summary);
      if (rule.default !== null) assertEquals(found["default"], rule.default);
    }
  }
});

Deno.test("configSchema() says what values may be, null included", () => {
  const schema = configSchema("project");
  assertEquals(schemaAt(schema, "run.pids"), {
    description: keyRule("run.pids").summary,
    type: ["integer", "null"],
    minimum: -1,
    maximum: 2 ** 31 - 1,
  });
  assertEquals(schemaAt(schema, "run.pull")?.["enum"], ["never", "missing", "always", "newer", null]);
  assertEquals(schemaAt(schema, "run.unrestricted")?.["type"], ["boolean", "null"]);
  const command = schemaAt(schema, "run.command")?.["anyOf"];
  assert(Array.isArray(command));
  assertEquals(command.map((form) => isMap(form) ? form["type"] : null), ["string", "array", "null"]);
  assertEquals(schemaAt(schema, "run.fake.exit_code")?.["maximum"], 255);
});

Deno.test("configSchema() is plain JSON", () => {
  const schema = configSchema("global");
  assertEquals(JSON.parse(JSON.stringify(schema)), schema);
});
