/**
 * The pick of a project is the one CPython makes.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { pickCategories, sampleCategories } from "../../core/naming/pick_categories.ts";

/** From CPython: random.Random(int(md5(name), 16)).sample(categories, 3). */
const BY_PROJECT = [
  ["demo", "microbiology biology history"],
  ["alpha", "music economy general"],
  ["web-shop", "plants history microbiology"],
  ["a", "medicine scientists food"],
  ["my_project-2", "architecture physics computer_science"],
  ["default", "countries chemistry physics"],
  ["backend", "molecular_biology scientists astronomy"],
  ["frontend", "sports architecture chemistry"],
  ["infra", "medicine biology chemistry"],
  ["docs", "food art biology"],
  ["orchard", "astronomy medicine technology"],
  ["website", "computer_science history general"],
  ["mobile-app", "geography food art"],
  ["api", "sports countries literature"],
  ["data_pipeline", "technology countries geography"],
  ["z", "science math economy"],
  ["0", "plants food art"],
  ["9-lives", "geography literature architecture"],
  ["carrel", "geography math architecture"],
  ["playground", "general food music"],
  ["ml-research", "math medicine scientists"],
  ["blog", "computer_science science molecular_biology"],
  ["x_y-z", "art math molecular_biology"],
  ["tooling", "food plants astronomy"],
  ["release-2026", "geography science architecture"],
] as const;

/** Likewise, by digest: few words, one word, no word at all. */
const BY_DIGEST = [
  ["00000000000000000000000000000000", "history technology literature"],
  ["00000000000000000000000000000001", "biology music technology"],
  ["000000000000000000000000fe01ce2a", "plants history economy"],
  ["0000000000000000fe01ce2a7fbac8fa", "technology architecture computer_science"],
  ["00000000fe01ce2a7fbac8fafaed7c98", "physics countries astronomy"],
  ["ffffffffffffffffffffffffffffffff", "countries medicine scientists"],
  ["fe01ce2a7fbac8fa0000000000000000", "molecular_biology architecture chemistry"],
] as const;

Deno.test("pickCategories() picks what the reference picks", () => {
  for (const [project, expected] of BY_PROJECT) {
    assertEquals(pickCategories(parseProjectId(project)).join(" "), expected, project);
  }
});

Deno.test("sampleCategories() seeds with the number that a digest is, leading zeros or not", () => {
  for (const [digest, expected] of BY_DIGEST) {
    assertEquals(sampleCategories(digest).join(" "), expected, digest);
  }
});
