/**
 * Loopback ports of this machine.
 *
 * @module
 */
import type { Network } from "../port/host.ts";
import { attempt } from "./from_os_error.ts";

const HOSTNAME = "127.0.0.1";

/** The real {@linkcode Network}. */
export function newDenoNetwork(): Network {
  return {
    portIsFree: (port) =>
      attempt(`listen on ${HOSTNAME}:${port}`, () => {
        try {
          Deno.listen({ hostname: HOSTNAME, port }).close();
          return true;
        } catch (error) {
          if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied) {
            return false;
          }
          throw error;
        }
      }),
    async portAnswers(port, timeoutMs) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const connecting = Deno.connect({ hostname: HOSTNAME, port }).then((connection) => {
        connection.close();
        return true;
      }, () => false);
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), timeoutMs);
      });
      const answers = await Promise.race([connecting, late]);
      clearTimeout(timer);
      return answers;
    },
  };
}
