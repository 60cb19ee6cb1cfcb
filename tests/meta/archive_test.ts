import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  archiveStampToTimestamp,
  decodeArchiveRecord,
  encodeArchiveRecord,
  formatArchiveName,
  formatArchiveStamp,
  parseArchiveName,
  parseArchiveStamp,
} from "../../core/meta/archive.ts";
import { AppError } from "../../core/error.ts";
import { formatTimestamp } from "../../core/meta/time.ts";

const STAMP = "20260914T101530004211Z";

const EXAMPLE = `{
  "mode": "run",
  "workspace": "/home/ada/.local/share/terok/sandbox-live/tasks/orchard/v4hd9",
  "web_port": null,
  "created_at": "2026-09-01T12:00:00.000412+00:00",
  "ready_at": "2026-09-01T12:00:09.118230+00:00",
  "agent": "codex",
  "unrestricted": true,
  "debug": false,
  "exit_code": 0,
  "project_name": "orchard",
  "task_id": "v4hd9",
  "name": "quiet-lemur"
}
`;

Deno.test("decodeArchiveRecord() reads the reference's example under both project keys", () => {
  const record = decodeArchiveRecord(EXAMPLE, "task.json");
  assertEquals([record.project_id, record.task_id, record.exit_code], ["orchard", "v4hd9", 0]);
  assertEquals(record, decodeArchiveRecord(EXAMPLE.replace("project_name", "project_id"), "task.json"));
});

Deno.test("encodeArchiveRecord() writes the reference's example byte for byte, with our project key", () => {
  const ours = EXAMPLE.replace("project_name", "project_id");
  assertEquals(encodeArchiveRecord(decodeArchiveRecord(ours, "task.json")), ours);
});

Deno.test("encodeArchiveRecord() drops tokens and the mark of deletion, keeps unknown keys", () => {
  const text = encodeArchiveRecord({
    web_token: "s",
    gate_token: "terok-g-0",
    deleting: true,
    other: [1, { a: "é" }],
  });
  assertEquals(JSON.parse(text), { other: [1, { a: "é" }] });
});

Deno.test("decodeArchiveRecord() names a damaged file, an empty one too", () => {
  for (const text of ["", '{"mode']) {
    const error = assertThrows(
      () => decodeArchiveRecord(text, "/archive/task.json"),
      AppError,
      "/archive/task.json",
    );
    assertEquals(error.code, "record_damaged");
  }
});

Deno.test("formatArchiveStamp() reads back to the same microsecond", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 7_258_118_400_000_000 }), (micros) => {
    const stamp = formatArchiveStamp(micros);
    assert(/^\d{8}T\d{12}Z$/.test(stamp));
    assertEquals(parseArchiveStamp(stamp), micros);
    assertEquals(archiveStampToTimestamp(stamp), formatTimestamp(micros));
  }));
});

Deno.test("parseArchiveStamp() refuses what is no stamp", () => {
  for (
    const text of ["", "20260914T101530Z", "20261314T101530004211Z", `${STAMP}x`, "2026-09-14T10:15:30Z"]
  ) {
    assertEquals(parseArchiveStamp(text), null, text);
    assertEquals(archiveStampToTimestamp(text), null, text);
  }
});

Deno.test("formatArchiveName() leaves out a name that cannot be part of a directory's name", () => {
  assertEquals(formatArchiveName(STAMP, "q7m2x", null), `${STAMP}_q7m2x`);
  assertEquals(formatArchiveName(STAMP, "q7m2x", ""), `${STAMP}_q7m2x`);
  for (const name of ["a/b", "..\\x", "a\0", "é".repeat(120)]) {
    assertEquals(formatArchiveName(STAMP, "q7m2x", name), `${STAMP}_q7m2x`);
  }
  const longest = "x".repeat(255 - `${STAMP}_q7m2x_`.length - "_1234".length);
  assert(formatArchiveName(STAMP, "q7m2x", longest).endsWith(longest));
});

Deno.test("parseArchiveName() takes apart what formatArchiveName() writes", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z0-9_-]{0,60}$/), (name) => {
    assertEquals(parseArchiveName(formatArchiveName(STAMP, "q7m2x", name)), {
      archivedAt: STAMP,
      taskId: "q7m2x",
      name: name || null,
    });
  }));
});

Deno.test("parseArchiveName() refuses other names", () => {
  for (const name of ["", STAMP, `${STAMP}_`, "q7m2x", "x_q7m2x", "lost+found"]) {
    assertEquals(parseArchiveName(name), null, name);
  }
});
