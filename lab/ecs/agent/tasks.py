"""The life of a task: started in the order of its dependencies, stopped with its own patience."""

import time
from concurrent.futures import ThreadPoolExecutor

import docker.errors
import ministack.services.ecs as ecs
from ministack.core import container_reaper
from ministack.core.concurrency import resource_lock, spawn_background
from ministack.services import ecs_metadata, ssm

from . import containers, logs, names, network, services, settings, volumes
from .patch import around
from .patience import insist

# A container definition without stopTimeout waits this long, as on Fargate.
STOP_TIMEOUT = 30
# How the emulator's scheduler begins the reasons it stops tasks for.
SCHEDULER_SAYS = ("Deployment ", "Service ", "Task definition ")
# How often a container that others wait for is looked at.
LOOK = 0.2


class CannotStart(Exception):
    """A container of a task does not start, in the words the task is stopped with."""


def id_of(task):
    """The last part of a task's ARN."""
    return task["taskArn"].rsplit("/", 1)[-1]


def _active(task):
    with resource_lock("ecs-task", task["taskArn"]):
        return ecs._task_is_active(task["taskArn"], task)


@around(ssm, "resolve_parameter_value")
def parameter(original, name, version=None, decrypt=True):
    """A container gets what an encrypted parameter says, not its cipher."""
    return original(name, version, decrypt)


@around(ecs, "_start_task_worker")
def start(_original, task, definition, overrides, engine):
    arn = task["taskArn"]
    if not ecs._mark_task_pending(arn, task) or not ecs._mark_task_activating(arn, task):
        return
    ordered = containers.order(definition["containerDefinitions"])
    _reorder(task, ordered)
    for container in ordered:
        _image(container, engine)
    secrets = {c["name"]: ecs._resolve_container_secrets(c) for c in ordered}
    holder = network.hold(id_of(task), definition, engine)
    if holder:
        _record_address(task, holder)
    try:
        for index, container in enumerate(ordered):
            _wait_for_dependencies(task, container, engine)
            if not _active(task):
                break
            override = ecs._container_override_for(overrides, container["name"])
            effective = {**container, **_applied(override)}
            _run(task, index, definition, effective, secrets, override, engine)
    except CannotStart as error:
        stop(task, str(error), "TaskFailedToStart", engine, failed=True)
        return
    if not _active(task) or not ecs._mark_task_running(arn, task):
        # It was stopped while it started: whoever stopped it saw only some of its containers.
        ecs._cleanup_task_resources(task, engine)
        return
    names.register(task)


def _reorder(task, ordered):
    """Keeps the emulator's lists beside the containers in the order they start in."""
    known = {container["name"]: container for container in task["containers"]}
    task["containers"] = [known[container["name"]] for container in ordered]
    task["_container_essentials"] = [bool(c.get("essential", True)) for c in ordered]
    task["_definitions"] = ordered
    task["_checked"] = any(c.get("healthCheck") and c.get("essential", True) for c in ordered)


def _image(container, engine):
    """Images are imported, never pulled: one that is not there does not exist."""
    image = container["image"]
    try:
        return engine.images.get(image)
    except docker.errors.ImageNotFound:
        raise ecs._ImagePullError(
            f"pull image manifest has been retried 1 time(s): failed to resolve ref {image}: "
            f"{image}: not found"
        ) from None


def _record_address(task, holder):
    ecs._record_task_ip(task, holder, settings.NETWORK)
    attachment = task["attachments"][0]
    for container in task["containers"]:
        container["networkInterfaces"] = [
            {"attachmentId": attachment["id"], "privateIpv4Address": ecs._task_ip(task)}
        ]


def _applied(override):
    return {name: override[name] for name in ("command", "cpu", "memory") if name in override}


def _run(task, index, definition, container, secrets, override, engine):
    task_id, arn = id_of(task), task["taskArn"]
    environment = {e["name"]: e["value"] for e in container.get("environment") or []}
    environment.update(secrets[container["name"]])
    environment.update({e["name"]: e["value"] for e in override.get("environment") or []})
    token = ecs._register_metadata(
        arn,
        task["clusterArn"],
        definition,
        container,
        task.get("launchType"),
        environment,
        definition.get("networkMode") == "host",
        settings.GATEWAY,
    )
    task.setdefault("_metadata_tokens", []).append(token)
    keywords = containers.arguments(
        container, volumes.binds(task_id, definition, container, engine)
    )
    keywords["labels"] = {**keywords.get("labels", {}), **_labels(task, definition, container)}
    keywords.update(network.join(task_id, definition, container, engine))
    if definition.get("networkMode") == "bridge":
        keywords["ports"] = containers.ports(container)
    if definition.get("pidMode") == "host":
        keywords["pid_mode"] = "host"
    image = _image(container, engine)
    task["containers"][index]["imageDigest"] = image.id
    name = network.name_of(task_id, container["name"])
    started = engine.containers.create(image.id, name=name, environment=environment, **keywords)
    try:
        started.start()
    except docker.errors.APIError as error:
        started.remove(force=True)
        raise CannotStart(f"CannotStartContainerError: {error.explanation}") from error
    if not ecs._attach_started_container(task, started, index, token, settings.NETWORK):
        ecs._remove_docker_container(engine, started)
        return
    logs.follow(started, container, task_id)


def _labels(task, definition, container):
    prefix = "com.amazonaws.ecs"
    return {
        **container_reaper.own_labels("ecs"),
        f"{prefix}.cluster": task["clusterArn"],
        f"{prefix}.container-name": container["name"],
        f"{prefix}.task-arn": task["taskArn"],
        f"{prefix}.task-definition-family": definition["family"],
        f"{prefix}.task-definition-version": str(definition["revision"]),
    }


def _wait_for_dependencies(task, container, engine):
    for dependency in container.get("dependsOn") or []:
        other, condition = dependency["containerName"], dependency["condition"]
        definition = next(c for c in task["_definitions"] if c["name"] == other)
        end = time.monotonic() + (definition.get("startTimeout") or 180)
        while _active(task) and not _fulfilled(task, other, condition, engine):
            if time.monotonic() > end:
                raise CannotStart(f"Task failed to start: dependency {other} was not {condition} in time")
            time.sleep(LOOK)


def _fulfilled(task, other, condition, engine):
    state = engine.containers.get(network.name_of(id_of(task), other)).attrs["State"]
    ended = state["Status"] == "exited"
    if ended:
        known = next(c for c in task["containers"] if c["name"] == other)
        known.update(lastStatus="STOPPED", exitCode=state["ExitCode"])
    if condition == "SUCCESS" and ended and state["ExitCode"]:
        raise CannotStart(f"Task failed to start: dependency {other} exited with {state['ExitCode']}")
    if condition in ("SUCCESS", "COMPLETE"):
        return ended
    if condition == "START":
        return ended or state["Running"]
    health = (state.get("Health") or {}).get("Status")
    if ended or health == "unhealthy":
        raise CannotStart(f"Task failed to start: dependency {other} is not healthy")
    return health == "healthy"


@around(ecs, "_fail_task_start")
def fail_start(_original, task, engine, reason):
    stop(task, reason, "TaskFailedToStart", engine, failed=True)


def stop(task, reason, code, engine, failed=False):
    """Begins to stop a task; a thread waits for its containers and ends it.

    A failed one counts against its service's deployment.
    """
    arn = task["taskArn"]
    with resource_lock("ecs-task", arn):
        if not ecs._task_is_active(arn, task):
            return
        ecs._bump_task_version(task)
        task.update(
            desiredStatus="STOPPED",
            lastStatus="DEACTIVATING",
            stoppingAt=ecs._iso(),
            stoppedReason=reason,
            stopCode=code,
        )
    names.deregister(task)
    _recount(task)
    spawn_background(_end, task, failed, engine, thread_name=f"stop-{id_of(task)[:8]}")


def _recount(task):
    cluster = ecs._cluster_name_from_arn(task["clusterArn"])
    ecs._recount_cluster(cluster)
    ecs._refresh_service_state(cluster, task.get("group", ""))


def _end(task, failed, engine):
    ecs._cleanup_task_resources(task, engine)
    now = ecs._iso()
    with resource_lock("ecs-task", task["taskArn"]):
        for _ in range(2):
            ecs._bump_task_version(task)
        task.update(lastStatus="STOPPED", executionStoppedAt=now, stoppedAt=now)
        for container in task["containers"]:
            container["lastStatus"] = "STOPPED"
    ecs_metadata.set_task_status(
        task["taskArn"], known_status="STOPPED", desired_status="STOPPED"
    )
    _recount(task)
    if failed:
        ecs._record_service_task_failure(task)


@around(ecs, "_stop_task")
def stop_task(_original, request):
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    task = ecs._resolve_task(request.get("task", ""), cluster)
    if not task:
        message = "The referenced task was not found."
        return ecs.error_response_json("InvalidParameterException", message, 400)
    reason, code = request.get("reason", "Task stopped by user"), "UserInitiated"
    if reason.startswith(SCHEDULER_SAYS) and services.of_task(task):
        reason = f"Scaling activity initiated by (deployment {task.get('_deployment_id')})"
        code = "ServiceSchedulerInitiated"
    stop(task, reason, code, ecs._get_docker())
    return ecs.json_response({"task": ecs._sanitize(task)})


@around(ecs, "_cleanup_task_resources")
def clean(_original, task, engine, extra=None):
    """Stops all containers of a task at once, keeps their exit codes, and removes what was its."""
    with resource_lock("ecs-task", task["taskArn"]):
        started, task["_docker_ids"] = list(task.get("_docker_ids") or []), []
        tokens, task["_metadata_tokens"] = list(task.get("_metadata_tokens") or []), []
    engine = engine or ecs._get_docker()
    for token in tokens:
        ecs_metadata.unregister_token(token)
    if started:
        with ThreadPoolExecutor(len(started)) as pool:
            list(pool.map(lambda pair: _remove(task, *pair, engine), enumerate(started)))
    if extra is not None:
        ecs._remove_docker_container(engine, extra)
    network.release(id_of(task), engine)
    volumes.remove_own(id_of(task), engine)


def _remove(task, index, container_id, engine):
    try:
        container = engine.containers.get(container_id)
        container.stop(timeout=task["_definitions"][index].get("stopTimeout") or STOP_TIMEOUT)
        container.reload()
        task["containers"][index]["exitCode"] = container.attrs["State"]["ExitCode"]
        logs.finish(container_id)
        insist(lambda: container.remove(v=True, force=True))
    except docker.errors.NotFound:
        # Somebody removed it by hand, which is a way of stopping it.
        task["containers"][index]["exitCode"] = 137


@around(ecs, "_watch_task_lifecycle")
def watch(_original, task, _engine, account, region):
    """One observer watches all tasks; here only the service's deployment is told."""
    service = services.of_task(task)
    if service:
        ecs._schedule_service_deployment_completion(
            ecs._cluster_name_from_arn(task["clusterArn"]),
            services.key_of(service),
            account,
            region,
            healthy_task=task,
        )


@around(ecs, "_maybe_mark_stopped")
def look(_original, _task, _engine=None):
    """The observer does this for all tasks, not each request for its own."""
