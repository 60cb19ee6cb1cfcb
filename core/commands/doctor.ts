/**
 * `carrel doctor`
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import type { Outcome } from "../cli/define_command.ts";
import { examine, toFinding } from "../engine/doctor/examine.ts";
import type { Finding } from "../engine/doctor/finding.ts";
import { repair, type TreatedFinding } from "../engine/doctor/repair.ts";
import {
  type DryRunAnswer,
  isDryRun,
  type MutationAnswer,
  type MutationOptions,
} from "../engine/operation.ts";
import { AppError } from "../error.ts";
import { wordPlan } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** What was found. */
interface Examined {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** What was found, and what became of it. */
interface Treated {
  /** Whether all of it is put right. */
  readonly ok: boolean;
  readonly findings: readonly TreatedFinding[];
}

/** An examination changes nothing, and so is no operation. */
type DoctorAnswer = (Examined & { readonly changed: false }) | MutationAnswer<Treated>;

/** Looks for what is not as it should be. */
export default mutation({
  summary: "Look for what is not as it should be, and with --fix put it right",
  description:
    "Exit 0 when all is sound, 11 when something was found, or is left after --fix. It finds operations that were interrupted; records that are damaged, half written or without their directory, and the other way round; archives that cannot be read; containers and holds of tasks that are gone; clone caches that git cannot read; places where nothing can be written; and what dead processes left on the disk. What somebody is at is no finding. --fix finishes or undoes, writes anew what can still be known, and keeps a copy of what was damaged: it removes only what is carrel's by label and record. It does not verify the audit chain, which takes longer: `carrel audit verify` does.",
  examples: [
    { line: "carrel doctor", note: "what is wrong, and what --fix would do" },
    { line: "carrel doctor --fix", note: "puts it right; safe to repeat, and to kill" },
  ],
  flags: { fix: { kind: "boolean", summary: "put right what can be put right" } },
  async run(app, { flags, options }): Promise<Outcome<DoctorAnswer>> {
    const carrel = await app.carrel();
    return flags.fix ? await fix(carrel, options) : await look(carrel);
  },
  text(data) {
    if (isDryRun(data)) return wordPlan(data.plan);
    if (data.findings.length === 0) return "all is sound";
    return data.findings.map((finding) => wordFinding(finding)).join("\n");
  },
});

async function look(carrel: Carrel): Promise<Outcome<DoctorAnswer>> {
  const findings = (await examine(carrel)).map(toFinding);
  const data = { ok: findings.length === 0, changed: false as const, findings };
  if (data.ok) return { data };
  const hint = findings.some((finding) => finding.fix !== null)
    ? "`carrel doctor --fix` does what can be done about it"
    : "nothing of it can be put right by a command";
  return { data, error: new AppError("partial", `found ${count(findings.length)}`, { hint }) };
}

async function fix(carrel: Carrel, options: MutationOptions): Promise<Outcome<DoctorAnswer>> {
  const { op, findings } = await repair(carrel, options);
  const left = findings.filter(({ fixed }) => !fixed);
  const data: DryRunAnswer | MutationAnswer<Treated> = await op.answer(() => ({
    ok: left.length === 0,
    findings,
  }));
  if (isDryRun(data) || left.length === 0) return { data };
  const message = `${left.length} of ${count(findings.length)} could not be put right: ` +
    left.map(({ where, what, outcome }) => `${where}: ${outcome ?? what}`).join("; ");
  return { data, error: new AppError("partial", message, { hint: "see to the reason, then try again" }) };
}

function count(findings: number): string {
  return `${findings} finding${findings === 1 ? "" : "s"}`;
}

function wordFinding(finding: Finding | TreatedFinding): string {
  const { where, what, fix } = finding;
  const end = "fixed" in finding && finding.outcome !== null
    ? `${finding.fixed ? "it is" : "not put right:"} ${finding.outcome}`
    : fix === null
    ? "only a person can do something about it"
    : `--fix: ${fix}`;
  return `${where}: ${what}; ${end}`;
}
