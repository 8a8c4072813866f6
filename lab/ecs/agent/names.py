"""Cloud Map and Service Connect as DNS: a server that answers from what is registered."""

import itertools
import logging
import socket
import struct
import threading

import ministack.services.ecs as ecs
import ministack.services.servicediscovery as discovery
from ministack.core.responses import request_scope

from . import services, settings

logger = logging.getLogger("lab.names")
A, CNAME, AAAA = 1, 5, 28
NAME_ERROR = 3
# An alias of an alias of an alias is answered; a circle is not.
DEEPEST = 8
_turn = itertools.count()


def _registries(task):
    service = services.of_task(task) or {}
    for registry in service.get("serviceRegistries") or []:
        yield registry["registryArn"].rsplit("/", 1)[-1], registry


def register(task):
    """Enters a running task into the registries of its service."""
    for identity, registry in _registries(task):
        attributes = {
            "AWS_INSTANCE_IPV4": ecs._task_ip(task) or "",
            "AVAILABILITY_ZONE": task["availabilityZone"],
            "REGION": settings.REGION,
            "ECS_CLUSTER_NAME": ecs._cluster_name_from_arn(task["clusterArn"]),
            "ECS_SERVICE_NAME": services.of_task(task)["serviceName"],
        }
        if registry.get("containerPort") or registry.get("port"):
            port = registry.get("containerPort") or registry["port"]
            attributes["AWS_INSTANCE_PORT"] = str(port)
        instance = task["taskArn"].rsplit("/", 1)[-1]
        entry = {"ServiceId": identity, "InstanceId": instance, "Attributes": attributes}
        discovery._register_instance(entry)
    if task.get("_checked"):
        tell_health(task)


def tell_health(task):
    """Passes on what the health checks of a task's containers say."""
    health = "HEALTHY" if task.get("healthStatus") == "HEALTHY" else "UNHEALTHY"
    instance = task["taskArn"].rsplit("/", 1)[-1]
    for identity, _ in _registries(task):
        known = discovery._instance_health_status.get(identity) or {}
        if instance in known:
            known[instance] = health


def deregister(task):
    """Takes a task that stops out of its registries."""
    instance = task["taskArn"].rsplit("/", 1)[-1]
    for identity, _ in _registries(task):
        discovery._deregister_instance({"ServiceId": identity, "InstanceId": instance})


def resolve(name, depth=0):
    """The addresses and aliases of a name, or None where there is no such name."""
    if depth > DEEPEST:
        return []
    connected = _service_connect(name)
    if connected is not None:
        return connected
    for service in discovery._services.values():
        namespace = discovery._namespaces.get(service.get("NamespaceId")) or {}
        if f"{service['Name']}.{namespace.get('Name')}".lower() == name:
            return _records(service, depth)
    return None


def _records(service, depth):
    """Healthy instances; all of them where none is healthy, as Route 53 answers."""
    instances = discovery._instances.get(service["Id"]) or {}
    health = discovery._instance_health_status.get(service["Id"]) or {}
    chosen = [i for i in instances.values() if health.get(i["Id"]) == "HEALTHY"]
    records = []
    for instance in chosen or instances.values():
        attributes = instance["Attributes"]
        if attributes.get("AWS_INSTANCE_IPV4"):
            records.append((A, attributes["AWS_INSTANCE_IPV4"]))
        elif attributes.get("AWS_INSTANCE_CNAME"):
            # The alias itself needs no record of its own: what it stands for is the answer.
            alias = attributes["AWS_INSTANCE_CNAME"].rstrip(".").lower()
            records.extend(resolve(alias, depth + 1) or [])
    return records


def _service_connect(name):
    """The tasks behind a Service Connect alias, or None where it is none."""
    found = None
    for service in ecs._services.values():
        connect = service.get("serviceConnectConfiguration") or {}
        if service["status"] != "ACTIVE" or not connect.get("enabled"):
            continue
        if name in {alias.lower() for alias in _aliases(connect)}:
            found = (found or []) + [
                (A, ecs._task_ip(task))
                for task in services.tasks_of(service)
                if task["lastStatus"] == "RUNNING" and ecs._task_ip(task)
            ]
    return found


def _aliases(connect):
    namespace = (connect.get("namespace") or "").rsplit("/", 1)[-1]
    for service in connect.get("services") or []:
        default = f"{service.get('discoveryName') or service['portName']}.{namespace}"
        for alias in service.get("clientAliases") or [{}]:
            yield alias.get("dnsName") or default


def serve():
    """Answers on the gateway of the tasks' network."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((settings.GATEWAY, 53))
    threading.Thread(target=_answer_forever, args=(server,), daemon=True, name="lab-names").start()


def _answer_forever(server):
    while True:
        query, client = server.recvfrom(4096)
        try:
            with request_scope(settings.ACCOUNT, settings.REGION):
                server.sendto(_answer(query), client)
        except Exception:
            logger.exception("cannot answer %s", client)


def _answer(query):
    name, end = _question(query)
    (kind,) = struct.unpack_from(">H", query, end)
    records = resolve(name)
    answers = [record for record in records or [] if record[0] == kind == A]
    # Tasks take turns at being first, as the order of Route 53's answers varies.
    first = next(_turn) % len(answers) if answers else 0
    answers = (answers[first:] + answers[:first])[:8]
    flags = 0x8580 | (NAME_ERROR if records is None else 0)
    header = query[:2] + struct.pack(">HHHHH", flags, 1, len(answers), 0, 0)
    body = b"".join(_record(address) for _, address in answers)
    return header + query[12 : end + 4] + body


def _question(query):
    labels, at = [], 12
    while query[at]:
        length = query[at]
        labels.append(query[at + 1 : at + 1 + length].decode("ascii").lower())
        at += length + 1
    return ".".join(labels), at + 1


def _record(address):
    # The name is that of the question, by a pointer to it; nobody shall remember it for long.
    return struct.pack(">HHHIH", 0xC00C, A, 1, 1, 4) + socket.inet_aton(address)
