"""From a container definition to the arguments of `docker run`."""

from docker.types import Ulimit

SECOND = 1_000_000_000


def order(definitions):
    """The containers of a task such that each comes after those it depends on."""
    named = {definition["name"]: definition for definition in definitions}
    ordered = []

    def visit(definition):
        if definition in ordered:
            return
        for dependency in definition.get("dependsOn") or []:
            visit(named[dependency["containerName"]])
        ordered.append(definition)

    for definition in definitions:
        visit(definition)
    return ordered


def arguments(definition, binds):
    """Everything of a definition that is the container's own; no network, name or environment."""
    linux = definition.get("linuxParameters") or {}
    given = {
        "command": definition.get("command"),
        "entrypoint": definition.get("entryPoint"),
        "user": definition.get("user"),
        "working_dir": definition.get("workingDirectory"),
        "read_only": definition.get("readonlyRootFilesystem"),
        "tty": definition.get("pseudoTerminal"),
        "stdin_open": definition.get("interactive"),
        "privileged": definition.get("privileged"),
        "labels": definition.get("dockerLabels"),
        "healthcheck": _health_check(definition.get("healthCheck")),
        "ulimits": _ulimits(definition.get("ulimits") or []),
        "security_opt": definition.get("dockerSecurityOptions"),
        "volumes": binds,
        **_linux(linux),
        **_resources(definition, linux),
    }
    return {name: value for name, value in given.items() if value not in (None, [], {})}


def _linux(linux):
    capabilities = linux.get("capabilities") or {}
    shared = linux.get("sharedMemorySize")
    return {
        "init": linux.get("initProcessEnabled"),
        "shm_size": f"{shared}m" if shared else None,
        "cap_add": capabilities.get("add"),
        "cap_drop": capabilities.get("drop"),
        "devices": [_device(device) for device in linux.get("devices") or []],
        "tmpfs": {
            mount["containerPath"]: ",".join(
                [f"size={mount['size']}m", *(mount.get("mountOptions") or [])]
            )
            for mount in linux.get("tmpfs") or []
        },
    }


def _device(device):
    letters = "".join(name[0] for name in device.get("permissions") or ["read", "write", "mknod"])
    inside = device.get("containerPath") or device["hostPath"]
    return f"{device['hostPath']}:{inside}:{letters}"


def _resources(definition, linux):
    memory, reserved = definition.get("memory"), definition.get("memoryReservation")
    return {
        "mem_limit": f"{memory}m" if memory else None,
        "mem_reservation": f"{reserved}m" if reserved else None,
        "memswap_limit": f"{memory + (linux.get('maxSwap') or 0)}m" if memory else None,
        # One unit of ECS is one share of Docker; the kernel takes no fewer than two.
        "cpu_shares": max(2, int(definition["cpu"])) if definition.get("cpu") else None,
    }


def _health_check(check):
    if not check:
        return None
    return {
        "test": check["command"],
        "interval": check.get("interval", 30) * SECOND,
        "timeout": check.get("timeout", 5) * SECOND,
        "retries": check.get("retries", 3),
        "start_period": (check.get("startPeriod") or 0) * SECOND,
    }


def _ulimits(limits):
    return [
        Ulimit(name=limit["name"], soft=limit["softLimit"], hard=limit["hardLimit"])
        for limit in limits
    ]


def sysctls(definition):
    """The kernel parameters of a container."""
    return {
        control["namespace"]: control["value"] for control in definition.get("systemControls") or []
    }


def ports(definition):
    """Its published ports, for networks in which the host's ports are used."""
    return {
        f"{port['containerPort']}/{port.get('protocol', 'tcp')}": port.get("hostPort") or None
        for port in definition.get("portMappings") or []
        if "containerPort" in port
    }
