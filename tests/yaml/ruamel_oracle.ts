/**
 * The reference's YAML library as a judge: what it reads in our texts, and what it writes itself.
 *
 * @module
 */
import type { YamlValue } from "../../core/yaml/yaml_value.ts";

/** A value with its type spelt out, so that 1, 1.0, "1" and a date are four things. */
export type Tagged = readonly [type: string, value: unknown];

const SCRIPT = `
import io, json, sys
from ruamel.yaml import YAML

def tag(v):
    if v is None: return ["null", None]
    if isinstance(v, bool): return ["bool", v]
    if isinstance(v, int): return ["int", repr(float(v))]
    if isinstance(v, float): return ["float", repr(float(v))]
    if isinstance(v, str): return ["str", str(v)]
    if isinstance(v, list): return ["list", [tag(i) for i in v]]
    if isinstance(v, dict): return ["map", [[tag(k), tag(i)] for k, i in v.items()]]
    return [type(v).__name__, str(v)]

def load(text):
    try:
        return tag(YAML().load(text))
    except Exception as e:
        return ["error", str(e)]

def dump(value):
    out = io.StringIO()
    YAML().dump(value, out)
    return out.getvalue()

job = json.load(sys.stdin)
json.dump([load(i) if job["verb"] == "load" else dump(i) for i in job["items"]], sys.stdout)
`;

/** A Python that has ruamel.yaml; null where there is none. */
const python = ["python3", "/usr/bin/python3"].find((program) => {
  try {
    return new Deno.Command(program, { args: ["-c", "import ruamel.yaml"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
});

/** Registers a test that needs ruamel.yaml; it is reported as ignored, with the reason, without it. */
export function ruamelTest(name: string, fn: () => Promise<void>): void {
  const ignore = python === undefined;
  Deno.test({ name: ignore ? `${name} (ignored: no python3 with ruamel.yaml)` : name, ignore, fn });
}

/** What ruamel.yaml's round-trip loader reads in each text. */
export async function ruamelLoad(texts: readonly string[]): Promise<Tagged[]> {
  return await ask("load", texts);
}

/** What ruamel.yaml writes for each value. */
export async function ruamelDump(values: readonly YamlValue[]): Promise<string[]> {
  return await ask("dump", values);
}

async function ask<Answer>(verb: "load" | "dump", items: readonly unknown[]): Promise<Answer[]> {
  const child = new Deno.Command(python ?? "python3", {
    args: ["-c", SCRIPT],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify({ verb, items })));
  await writer.close();
  const { stdout } = await child.output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The tagged form of a value of ours. */
export function tagValue(value: YamlValue): Tagged {
  if (value === null) return ["null", null];
  if (typeof value === "boolean") return ["bool", value];
  if (typeof value === "number") {
    return [/^-?\d+$/.test(String(value)) && !Object.is(value, -0) ? "int" : "float", value];
  }
  if (typeof value === "string") return ["str", value];
  if (isList(value)) return ["list", value.map(tagValue)];
  return ["map", Object.entries(value).map(([key, item]) => [tagValue(key), tagValue(item)])];
}

/** Makes Python's notation of numbers comparable. */
export function normalizeTagged([type, value]: Tagged): Tagged {
  if (type === "int" || type === "float") return [type, Number(String(value).replace("inf", "Infinity"))];
  if (!Array.isArray(value)) return [type, value];
  return [type, value.map((item) => type === "map" ? item.map(normalizeTagged) : normalizeTagged(item))];
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
