"""Services: every field of a request is kept, and what real ECS fills in is filled in."""

import json
import threading
import time

import ministack.services.ecs as ecs
from ministack.core.responses import error_response_json

from .patch import around

# Fields of a request the emulator forgets.
KEPT = (
    "availabilityZoneRebalancing",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
    "serviceConnectConfiguration",
    "serviceRegistries",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)
# A change of one of these starts a deployment, as the API reference of UpdateService says.
STARTS_DEPLOYMENT = (
    "capacityProviderStrategy",
    "loadBalancers",
    "networkConfiguration",
    "placementConstraints",
    "placementStrategy",
    "platformVersion",
    "serviceConnectConfiguration",
    "serviceRegistries",
    "volumeConfigurations",
)
DEFAULTS = {
    "availabilityZoneRebalancing": "ENABLED",
    "placementConstraints": [],
    "placementStrategy": [],
}
# For how many seconds a failed deployment is shown after the one before is back.
SHOWN = 15
# One scheduling decision at a time: the emulator's own scheduler counts and starts unlocked.
SCHEDULER = threading.RLock()
# The tasks that were run with a token.
_ran = {}


def of_task(task):
    """The service a task belongs to, or None for a task that was run by itself."""
    group = task.get("group") or ""
    if not group.startswith("service:"):
        return None
    cluster = ecs._cluster_name_from_arn(task["clusterArn"])
    return ecs._services.get(f"{cluster}/{group.split(':', 1)[1]}")


def key_of(service):
    """The emulator's key of a service."""
    return f"{ecs._cluster_name_from_arn(service['clusterArn'])}/{service['serviceName']}"


def tasks_of(service):
    """Every task of a service, whatever its state."""
    group = f"service:{service['serviceName']}"
    return [
        task
        for task in ecs._tasks.values()
        if task.get("group") == group and task.get("clusterArn") == service["clusterArn"]
    ]


def say(service, message):
    """Adds an event as the service's owner sees it."""
    text = f"(service {service['serviceName']}) {message}"
    service["events"].insert(0, {"id": ecs.new_uuid(), "createdAt": ecs._iso(), "message": text})


def _complete(request):
    """The deployment configuration with what ECS adds where the caller was silent."""
    given = request.get("deploymentConfiguration") or {}
    return {
        "deploymentCircuitBreaker": {"enable": False, "rollback": False},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
        **given,
    }


@around(ecs, "_create_service")
def create(original, request):
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    if cluster not in ecs._clusters:
        return error_response_json("ClusterNotFoundException", "Cluster not found.", 400)
    key = f"{cluster}/{request.get('serviceName')}"
    before = ecs._services.get(key) or {}
    if before.get("status") == "DRAINING":
        message = "Unable to Start a service that is still Draining."
        return error_response_json("InvalidParameterException", message, 400)
    if before.get("status") == "ACTIVE":
        if _same_token(before, request):
            return ecs.json_response({"service": ecs._sanitize(before)})
        message = "Creation of service was not idempotent."
        return error_response_json("InvalidParameterException", message, 400)
    request = {**request, "deploymentConfiguration": _complete(request)}
    if request.get("schedulingStrategy") == "DAEMON":
        # The laboratory is one container instance.
        request["desiredCount"] = 1
    if request.get("launchType") == "FARGATE":
        request = {"platformVersion": "LATEST", "platformFamily": "Linux", **request}
    with SCHEDULER:
        # The fields have to be there before the first task starts: it registers its name.
        answer = original({**request, "desiredCount": 0})
        if answer[0] >= 400:
            return answer
        service = ecs._services[key]
        service.update(DEFAULTS)
        service.update({name: request[name] for name in KEPT if name in request})
        service["_token"] = request.get("clientToken")
        _begin(service, request.get("desiredCount", 1))
        ecs._reconcile_service_tasks(cluster, key)
    return ecs.json_response({"service": ecs._sanitize(service)})


def _same_token(service, request):
    token = request.get("clientToken")
    return token is not None and service.get("_token") == token


def _begin(service, desired):
    service["desiredCount"] = desired
    first = ecs._make_deployment(service["taskDefinition"], desired)
    first["launchType"] = service["launchType"]
    first["capacityProviderStrategy"] = service["capacityProviderStrategy"]
    service["deployments"] = [first]


@around(ecs, "_make_deployment")
def make_deployment(original, definition, desired, status="PRIMARY"):
    deployment = original(definition, desired, status)
    deployment["rolloutState"] = "IN_PROGRESS" if desired else "COMPLETED"
    deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} in progress."
    # Images are local: there is no registry to ask for a digest.
    deployment["_image_resolution_disabled"] = True
    return deployment


@around(ecs, "_update_service")
def update(original, request):
    service = _referenced(request)
    if service is None or service.get("status") != "ACTIVE":
        code = "ServiceNotFoundException" if service is None else "ServiceNotActiveException"
        return error_response_json(code, "Service not found or not active.", 400)
    moved = [
        name
        for name in STARTS_DEPLOYMENT
        if name in request and request[name] != service.get(name)
    ]
    service.update({name: request[name] for name in KEPT if name in request})
    if "deploymentConfiguration" in request:
        request = {**request, "deploymentConfiguration": _complete(request)}
    if moved:
        request = {**request, "forceNewDeployment": True}
    with SCHEDULER:
        return original(request)


def _referenced(request):
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    named = ecs._resolve_service_ref(request.get("service", ""))
    return ecs._services.get(f"{cluster}/{named[0]}") if named else None


@around(ecs, "_delete_service")
def delete(original, request):
    answer = original(request)
    service = _referenced(request)
    if answer[0] < 400 and any(task["lastStatus"] != "STOPPED" for task in tasks_of(service)):
        service["status"] = "DRAINING"
        ecs.spawn_background(_drain, service, thread_name="drain")
        return ecs.json_response({"service": ecs._sanitize(service)})
    return answer


def _drain(service):
    while any(task["lastStatus"] != "STOPPED" for task in tasks_of(service)):
        time.sleep(0.2)
    if service["status"] == "DRAINING":
        service["status"] = "INACTIVE"


@around(ecs, "_delete_cluster")
def delete_cluster(original, request):
    name = ecs._resolve_cluster_name(request.get("cluster", "default"))
    owned = [service for key, service in ecs._services.items() if key.startswith(f"{name}/")]
    if any(service["status"] != "INACTIVE" for service in owned):
        message = "The Cluster cannot be deleted while Services are active."
        return error_response_json("ClusterContainsServicesException", message, 400)
    tasks = [task for task in ecs._tasks.values() if task["lastStatus"] != "STOPPED"]
    if any(ecs._cluster_name_from_arn(task["clusterArn"]) == name for task in tasks):
        message = "The Cluster cannot be deleted while Tasks are active."
        return error_response_json("ClusterContainsTasksException", message, 400)
    return original(request)


@around(ecs, "_reconcile_service_tasks")
def reconcile(original, cluster, key):
    with SCHEDULER:
        service = ecs._services.get(key) or {}
        if service.get("desiredCount") and _has_failed(service):
            # What ran before goes on: the emulator would stop it.
            ecs._refresh_service_state(cluster, f"service:{service['serviceName']}")
            ecs._recount_cluster(cluster)
            return None
        return original(cluster, key)


def _has_failed(service):
    """Whether the primary deployment was given up with none to go back to."""
    primary = ecs._primary_deployment(service) or {}
    return primary.get("rolloutState") == "FAILED"


@around(ecs, "_run_task")
def run_task(original, request):
    deployment = request.get("_deploymentId")
    if deployment is None:
        return _run_once(original, request)
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    service = ecs._services[f"{cluster}/{request['group'].split(':', 1)[1]}"]
    request = {**request, "startedBy": deployment}
    if service.get("propagateTags") == "SERVICE":
        request["tags"] = ecs._tags.get(service["serviceArn"], [])
    answer = original(request)
    if answer[0] < 400:
        names = [
            f"(task {task['taskArn'].rsplit('/', 1)[-1]})"
            for task in json.loads(answer[2])["tasks"]
        ]
        say(service, f"has started {len(names)} tasks: {' '.join(names)}.")
    return answer


def _run_once(original, request):
    """A token that was used before gets the tasks of then, not others."""
    token = request.get("clientToken")
    with SCHEDULER:
        if token in _ran:
            tasks = [ecs._sanitize(ecs._tasks[arn]) for arn in _ran[token]]
            return ecs.json_response({"tasks": tasks, "failures": []})
        answer = original(request)
        if token and answer[0] < 400:
            _ran[token] = [task["taskArn"] for task in json.loads(answer[2])["tasks"]]
        return answer


@around(ecs, "_complete_service_deployment")
def complete(original, cluster, key, expected_deployment_id=None):
    service = ecs._services.get(key) or {}
    before = {d["id"]: d["rolloutState"] for d in service.get("deployments", [])}
    original(cluster, key, expected_deployment_id)
    for deployment in service.get("deployments", []):
        if (
            deployment["rolloutState"] == "COMPLETED"
            and before.get(deployment["id"]) == "IN_PROGRESS"
        ):
            deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} completed."
            say(service, f"(deployment {deployment['id']}) deployment completed.")
            say(service, "has reached a steady state.")
            ecs.spawn_background(_forget_failed, service, thread_name="forget")


def _forget_failed(service):
    """A failed deployment is shown beside the one that took its place, and then no more."""
    time.sleep(SHOWN)
    service["deployments"] = [
        deployment
        for deployment in service["deployments"]
        if deployment["status"] == "PRIMARY" or deployment["rolloutState"] != "FAILED"
    ]


@around(ecs, "_record_service_task_healthy")
def task_is_healthy(original, key, task):
    """A task with health checks counts when they pass, not when it merely runs."""
    while task.get("_checked") and task.get("healthStatus") != "HEALTHY":
        if task.get("lastStatus") != "RUNNING":
            return
        time.sleep(0.2)
    original(key, task)


@around(ecs, "_register_task_definition")
def register(original, request):
    """Adds the defaults ECS adds, so that a reader of definitions meets them here too."""
    for container in request.get("containerDefinitions") or []:
        for name in ("environment", "mountPoints", "portMappings", "systemControls", "volumesFrom"):
            container.setdefault(name, [])
        for port in container["portMappings"]:
            port.setdefault("protocol", "tcp")
            if request.get("networkMode") in ("awsvpc", "host"):
                port.setdefault("hostPort", port.get("containerPort"))
            elif "containerPort" in port:
                port.setdefault("hostPort", 0)
        check = container.get("healthCheck")
        if check:
            for name, value in (("interval", 30), ("timeout", 5), ("retries", 3)):
                check.setdefault(name, value)
    return original(request)
