"""Removing what another thread may be removing at the same time."""

import time

import docker.errors

# How often the engine is asked again, and the pause between, in seconds.
TRIES = 60
PAUSE = 0.5


def insist(remove):
    """Removes something, however often it takes.

    A task that is stopped while it starts is cleaned by both its threads; meanwhile the engine
    refuses the later one: the removal is "already in progress", or the volume "in use".
    """
    for _ in range(TRIES):
        try:
            return remove()
        except docker.errors.NotFound:
            return None
        except docker.errors.APIError:
            time.sleep(PAUSE)
    return remove()
