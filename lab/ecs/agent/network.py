"""One network for all containers of a task, as `awsvpc` gives: held by a container that sleeps."""

from ministack.core import container_reaper

from . import settings
from .containers import sysctls
from .patience import insist


def name_of(task_id, container):
    """The name of a container of a task in Docker."""
    return f"ministack-ecs-{task_id[:8]}-{container}"


def join(task_id, definition, container, engine):
    """The arguments that put a container into its task's network."""
    mode = definition.get("networkMode") or "bridge"
    if mode in ("host", "none"):
        return {"network_mode": mode, "sysctls": sysctls(container)}
    if mode == "bridge":
        return {
            "network": settings.NETWORK,
            "dns": container.get("dnsServers") or [settings.GATEWAY],
            "dns_search": container.get("dnsSearchDomains") or ["."],
            "extra_hosts": {e["hostname"]: e["ipAddress"] for e in container.get("extraHosts") or []},
            "sysctls": sysctls(container),
            **({"hostname": container["hostname"]} if container.get("hostname") else {}),
        }
    holder = f"container:{name_of(task_id, 'pause')}"
    shared = {"network_mode": holder}
    if definition.get("pidMode") == "task":
        shared["pid_mode"] = holder
    if definition.get("ipcMode") == "task":
        shared["ipc_mode"] = holder
    return shared


def hold(task_id, definition, engine):
    """Starts the container that holds an awsvpc task's network; returns it, or None."""
    if definition.get("networkMode") != "awsvpc":
        return None
    parameters = {}
    for container in definition["containerDefinitions"]:
        parameters.update(sysctls(container))
    return engine.containers.run(
        settings.PAUSE_IMAGE,
        ["sleep", "2147483647"],
        entrypoint=[],
        name=name_of(task_id, "pause"),
        detach=True,
        # As the first process it has to die of SIGTERM, and reap what others leave.
        init=True,
        network=settings.NETWORK,
        dns=[settings.GATEWAY],
        dns_search=["."],
        ipc_mode="shareable" if definition.get("ipcMode") == "task" else None,
        sysctls=parameters or None,
        labels={**container_reaper.own_labels("ecs"), "tranship.lab": "pause"},
    )


def release(task_id, engine):
    """Removes the holder; the task's address is free again."""
    insist(lambda: engine.containers.get(name_of(task_id, "pause")).remove(force=True))
