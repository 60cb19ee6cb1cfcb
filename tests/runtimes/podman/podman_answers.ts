/**
 * Answers of podman for scripted engines, in the shape that 4.3 was seen to give.
 *
 * @module
 */

/** Go's zero time in seconds, which stands for never. */
const NEVER = -62_135_596_800;

type Facts = { readonly name: string } & Readonly<Record<string, unknown>>;

/** The answer of `podman ps --format json` with these containers; other keys override what is usual. */
export function listedJson(...containers: readonly Facts[]): string {
  return JSON.stringify(containers.map(({ name, ...keys }) => ({
    AutoRemove: false,
    Command: ["sh"],
    CreatedAt: "2 seconds ago",
    Exited: false,
    ExitedAt: NEVER,
    ExitCode: 0,
    Id: `id-of-${name}`,
    Image: "localhost/dev:latest",
    IsInfra: false,
    Labels: { "carrel.root": "/srv" },
    Mounts: [],
    Names: [name],
    Namespaces: {},
    Networks: [],
    Pid: 0,
    Pod: "",
    PodName: "",
    Ports: null,
    Size: null,
    StartedAt: NEVER,
    State: "created",
    Status: "Created",
    Created: 1_795_251_626,
    ...keys,
  })));
}

/** The answer of `podman container inspect` for these containers. */
export function detailsJson(...containers: readonly Facts[]): string {
  return JSON.stringify(containers.map(({ name, ...keys }) => ({
    Id: `id-of-${name}`,
    Name: name,
    State: {
      Status: "created",
      ExitCode: 0,
      OOMKilled: false,
      StartedAt: "0001-01-01T00:00:00Z",
      FinishedAt: "0001-01-01T00:00:00Z",
    },
    Config: { User: "" },
    HostConfig: { Memory: 0, LogConfig: { Type: "k8s-file", Path: `/srv/logs/${name}.log` } },
    ...keys,
  })));
}
