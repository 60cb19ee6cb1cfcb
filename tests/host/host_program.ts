/**
 * What the tests of the real host let another process do; the first argument says which.
 *
 * @module
 */
import { isAppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { newDenoTerminal } from "../../core/host/deno_terminal.ts";

const [act, path = ""] = Deno.args;
const host = newDenoHost();
const { stdout } = newDenoTerminal();

switch (act) {
  case "make-things":
    await host.files.create(`${path}/file`, "#!/bin/sh\n", { mode: 0o777 });
    await host.files.append(`${path}/log`, "", { mode: 0o666 });
    await host.files.makeDir(`${path}/dir`, { mode: 0o777 });
    await host.files.ensureDir(`${path}/deep/er`, { mode: 0o775 });
    break;
  case "ensure-dirs":
    await host.files.ensureDir(`${path}/a/b/c`, { mode: 0o700 });
    break;
  case "create-too-large":
    try {
      await host.files.create(path, new Uint8Array(1 << 20), { mode: 0o600 });
    } catch (error) {
      await stdout.write(isAppError(error) ? `${error.code}: ${error.message}` : String(error));
    }
    break;
  case "hold-lock":
    await host.files.lock(path, { timeoutMs: 0 });
    await stdout.write("held");
    await host.clock.sleep(3_600_000);
    break;
  case "lock-without-try":
    // Deno before 2.9 has no `tryLock`.
    Reflect.deleteProperty(Deno.FsFile.prototype, "tryLock");
    try {
      await using _lock = await host.files.lock(path, { timeoutMs: 100 });
      await stdout.write("locked");
    } catch (error) {
      await stdout.write(isAppError(error) ? error.code : String(error));
    }
    Deno.exit(0);
    break;
  case "detach":
    await stdout.write(JSON.stringify(await host.processes.detach({ argv: ["sleep", "3600"] })));
    break;
}
