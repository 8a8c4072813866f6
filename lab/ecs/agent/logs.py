"""What containers say, into the emulator's CloudWatch Logs."""

import threading
import time

import ministack.services.ecs as ecs
from ministack.core.responses import request_scope

# How long the last lines of a stopped container may take.
PATIENCE = 5.0
_followers = {}


def follow(container, definition, task_id, since=None):
    """Copies the output of a container, from `since` in seconds on, until it ends."""
    target = ecs._awslogs_config(definition, task_id, container.id)
    if not target:
        return
    region = target["region"] or ecs.get_region()
    thread = threading.Thread(
        target=_copy, args=(container, target, ecs.get_account_id(), region, since), daemon=True
    )
    _followers[container.id] = thread
    thread.start()


def _copy(container, target, account, region, since):
    with request_scope(account, region):
        if not ecs._ensure_awslogs_stream(target):
            return
        rest = b""
        for chunk in container.logs(stream=True, follow=True, since=since):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                ecs._emit_awslogs_event(target, line.decode("utf-8", "replace"))
        if rest:
            ecs._emit_awslogs_event(target, rest.decode("utf-8", "replace"))


def finish(container_id):
    """Waits for the last lines of a stopped container, so that removing it loses none."""
    thread = _followers.pop(container_id, None)
    if thread:
        thread.join(PATIENCE)


def now():
    """The time from which a restarted container's output is new."""
    return int(time.time())
