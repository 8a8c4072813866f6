"""The listeners of load balancers as open ports: connections go to the targets in turn."""

import logging
import socket
import threading
import time

import ministack.services.alb as elb
from ministack.core.responses import request_scope

from . import settings

logger = logging.getLogger("lab.balancer")
PAUSE = 0.3
# No target may keep a caller waiting longer than this, in seconds.
CONNECT = 5
_open = {}
_turns = {}


def begin():
    """Starts to keep the open ports those of the listeners there are."""
    threading.Thread(target=_keep, daemon=True, name="lab-balancer").start()


def _keep():
    while True:
        time.sleep(PAUSE)
        try:
            with request_scope(settings.ACCOUNT, settings.REGION):
                _update()
        except Exception:
            logger.exception("cannot update the listeners")


def _update():
    wanted = {}
    for listener in elb._listeners.values():
        protocol = "udp" if listener["Protocol"] == "UDP" else "tcp"
        wanted[listener["Port"], protocol] = listener["ListenerArn"]
        if listener["Protocol"] == "TCP_UDP":
            wanted[listener["Port"], "udp"] = listener["ListenerArn"]
    for place in [place for place in _open if wanted.get(place) != _open[place][0]]:
        _close(_open.pop(place)[1])
    for place, arn in wanted.items():
        if place not in _open:
            _open[place] = (arn, _listen(place, arn))


def _close(server):
    if server is None:
        return
    try:
        # Wakes the thread that waits for a connection, which close alone does not.
        server.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    server.close()


def _listen(place, arn):
    port, protocol = place
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    server = socket.socket(socket.AF_INET, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind(("0.0.0.0", port))
    except OSError as error:
        # Another part of the laboratory has this port: the listener exists, but nothing answers.
        logger.warning("cannot listen on %s/%s: %s", port, protocol, error)
        server.close()
        return None
    if protocol == "tcp":
        server.listen(128)
    serve = _serve_datagrams if protocol == "udp" else _serve_connections
    threading.Thread(target=serve, args=(server, arn), daemon=True).start()
    return server


def _target(arn):
    """The next target of a listener's default action, or None."""
    with request_scope(settings.ACCOUNT, settings.REGION):
        listener = elb._listeners.get(arn) or {}
        for action in listener.get("DefaultActions") or []:
            targets = elb._targets.get(_group(action)) or []
            if targets:
                _turns[arn] = turn = _turns.get(arn, -1) + 1
                chosen = targets[turn % len(targets)]
                return chosen["Id"], int(chosen["Port"])
    return None


def _group(action):
    if action.get("TargetGroupArn"):
        return action["TargetGroupArn"]
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or [{}]
    return groups[0].get("TargetGroupArn")


def _serve_connections(server, arn):
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_connect, args=(client, arn), daemon=True).start()


def _connect(client, arn):
    target = _target(arn)
    try:
        if target is None:
            raise OSError("no target")
        upstream = socket.create_connection(target, CONNECT)
    except OSError:
        client.close()
        return
    upstream.settimeout(None)
    back = threading.Thread(target=_copy, args=(upstream, client), daemon=True)
    back.start()
    _copy(client, upstream)
    back.join()
    client.close()
    upstream.close()


def _copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        # One side hung up, which is how connections end.
        return


def _serve_datagrams(server, arn):
    while True:
        try:
            data, client = server.recvfrom(65536)
        except OSError:
            return
        threading.Thread(target=_exchange, args=(server, client, data, arn), daemon=True).start()


def _exchange(server, client, data, arn):
    """Passes one datagram on, and the answer back where there is one in time."""
    target = _target(arn)
    if target is None:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
        upstream.settimeout(CONNECT)
        try:
            upstream.sendto(data, target)
            server.sendto(upstream.recv(65536), client)
        except OSError:
            return
