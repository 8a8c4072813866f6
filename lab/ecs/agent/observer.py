"""One thread that looks at all containers, and tells the tasks what became of theirs."""

import logging
import re
import threading
import time
from datetime import datetime, timezone

import ministack.services.ecs as ecs
from ministack.core.responses import request_scope

from . import logs, names, services, settings, tasks

logger = logging.getLogger("lab.observer")
# Pause between two looks, in seconds.
PAUSE = 0.3
# A restart policy is applied to containers that ran for so long, unless it says otherwise.
RESTART_AFTER = 300
HEALTH = re.compile(r"\((?:health: )?(healthy|unhealthy|starting)\)$")
STATES = {"healthy": "HEALTHY", "unhealthy": "UNHEALTHY", "starting": "UNKNOWN"}


def begin():
    """Starts to look."""
    threading.Thread(target=_look_forever, daemon=True, name="lab-observer").start()


def _look_forever():
    while True:
        time.sleep(PAUSE)
        try:
            with request_scope(settings.ACCOUNT, settings.REGION):
                _look()
        except Exception:
            logger.exception("cannot look at the containers")


def _look():
    engine = ecs._get_docker()
    running = [task for task in ecs._tasks.values() if task.get("lastStatus") == "RUNNING"]
    if not running:
        return
    # One call for all containers: an inspection of each would keep the engine busy.
    seen = {
        container["Id"]: container
        for container in engine.api.containers(all=True, filters={"label": "ministack=ecs"})
    }
    for task in running:
        _update(task, seen, engine)


def _update(task, seen, engine):
    ended = []
    for index, container_id in enumerate(list(task.get("_docker_ids") or [])):
        found = seen.get(container_id) or {"State": "gone", "Status": ""}
        if found["State"] in ("exited", "dead", "gone"):
            ended.append((index, container_id))
        health = HEALTH.search(found["Status"])
        if health:
            task["containers"][index]["healthStatus"] = STATES[health[1]]
    exited = [index for index, container_id in ended if _ended(task, index, container_id, engine)]
    if any(task["_container_essentials"][index] for index in exited):
        _stop(task, "Essential container in task exited", "EssentialContainerExited", engine)
        return
    _judge_health(task, engine)


def _ended(task, index, container_id, engine):
    """Whether a container is over for good; one with a restart policy may start again."""
    container = task["containers"][index]
    if container["lastStatus"] == "STOPPED":
        return True
    state = _state(container_id, engine)
    if state and _restart(task, index, container_id, state, engine):
        return False
    container["lastStatus"] = "STOPPED"
    container["exitCode"] = state["ExitCode"] if state else 137
    if state and state.get("OOMKilled"):
        container["reason"] = "OutOfMemoryError: Container killed due to memory usage"
    return True


def _state(container_id, engine):
    try:
        return engine.api.inspect_container(container_id)["State"]
    except Exception:
        # Somebody removed it by hand.
        return None


def _restart(task, index, container_id, state, engine):
    definition = task["_definitions"][index]
    policy = definition.get("restartPolicy") or {}
    if not policy.get("enabled") or state["ExitCode"] in (policy.get("ignoredExitCodes") or []):
        return False
    started = datetime.fromisoformat(f"{state['StartedAt'][:19]}+00:00")
    ran = (datetime.now(timezone.utc) - started).total_seconds()
    if ran < policy.get("restartAttemptPeriod", RESTART_AFTER):
        return False
    since = logs.now()
    engine.api.start(container_id)
    container = task["containers"][index]
    container["restartCount"] = container.get("restartCount", 0) + 1
    logs.follow(engine.containers.get(container_id), definition, tasks.id_of(task), since)
    return True


def _judge_health(task, engine):
    checked = [
        container["healthStatus"]
        for container, definition, essential in zip(
            task["containers"], task["_definitions"], task["_container_essentials"]
        )
        if essential and definition.get("healthCheck")
    ]
    if not checked:
        return
    before = task.get("healthStatus")
    task["healthStatus"] = next(
        (state for state in ("UNHEALTHY", "UNKNOWN") if state in checked), "HEALTHY"
    )
    if task["healthStatus"] != before:
        ecs._bump_task_version(task)
        names.tell_health(task)
    if task["healthStatus"] == "UNHEALTHY" and services.of_task(task):
        reason = "Task failed container health checks"
        _stop(task, reason, "ServiceSchedulerInitiated", engine)


def _stop(task, reason, code, engine):
    service = services.of_task(task)
    if service:
        name = task["taskArn"].rsplit("/", 1)[-1]
        services.say(service, f"has stopped 1 tasks: (task {name}): {reason}.")
    tasks.stop(task, reason, code, engine, failed=True)
