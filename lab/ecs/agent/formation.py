"""CloudFormation: ECS resources with all their keys, and waiting until services are steady."""

import json
import time

import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudformation.stacks as stacks
import ministack.services.ec2 as ec2
import ministack.services.ecs as ecs

from .patch import around

# How long a service may take to become steady, in seconds; CloudFormation itself waits for hours.
STEADY = 600
# How long the tasks of a cluster may take to stop.
DRAINED = 180
# Keys CloudFormation writes otherwise than the API, beyond the case of their first letter.
SPECIAL = {
    "EFSVolumeConfiguration": "efsVolumeConfiguration",
    "FSxWindowsFileServerVolumeConfiguration": "fsxWindowsFileServerVolumeConfiguration",
    "FilesystemId": "fileSystemId",
    "IAM": "iam",
}
# Maps whose keys are the user's.
USERS = ("DockerLabels", "DriverOpts", "Labels", "Options")
# Numbers that a template's parameter hands over as text.
NUMBERS = ("desiredCount", "healthCheckGracePeriodSeconds")
HANDLERS = provisioners._RESOURCE_HANDLERS


def as_request(value, of_user=False):
    """A resource's properties in the shape of the API's requests."""
    if isinstance(value, list):
        return [as_request(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        (key if of_user else SPECIAL.get(key, key[0].lower() + key[1:])): as_request(
            item, key in USERS
        )
        for key, item in value.items()
    }


def _checked(answer):
    """The body of the API's answer; its refusal fails the resource."""
    status, _, body = answer
    content = json.loads(body)
    if status >= 400:
        raise ValueError(content.get("message") or content.get("Message") or str(content))
    return content


def create_definition(logical_id, properties, stack):
    request = as_request(properties)
    request.setdefault("family", f"{stack}-{logical_id}")
    arn = _checked(ecs._register_task_definition(request))["taskDefinition"]["taskDefinitionArn"]
    return arn, {"TaskDefinitionArn": arn}


def update_definition(physical_id, old, new, stack, logical_id=None):
    if old == new:
        return physical_id, {"TaskDefinitionArn": physical_id}
    return create_definition(logical_id or physical_id, new, stack)


def _service_request(properties):
    request = as_request(properties)
    for name in NUMBERS:
        if name in request:
            request[name] = int(request[name])
    return request


def create_service(logical_id, properties, stack):
    request = _service_request(properties)
    request.setdefault("serviceName", f"{stack}-{logical_id}")
    arn = _checked(ecs._create_service(request))["service"]["serviceArn"]
    return _attributes(_wait_until_steady(arn))


def update_service(physical_id, _old, new, _stack):
    request = _service_request(new)
    request["service"] = request.pop("serviceName", physical_id)
    arn = _checked(ecs._update_service(request))["service"]["serviceArn"]
    return _attributes(_wait_until_steady(arn))


def delete_service(physical_id, properties):
    """Begins to drain; the cluster, which a stack deletes later, waits for the tasks."""
    name = physical_id.rsplit("/", 1)[-1]
    cluster = properties.get("Cluster", "default")
    ecs._delete_service({"cluster": cluster, "service": name, "force": True})


def _attributes(service):
    return service["serviceArn"], {
        "Name": service["serviceName"],
        "ServiceArn": service["serviceArn"],
    }


def _wait_until_steady(arn):
    _, cluster, name = arn.rsplit("/", 2)
    service = ecs._services[f"{cluster}/{name}"]
    awaited = ecs._primary_deployment(service)
    end = time.monotonic() + STEADY
    while time.monotonic() < end:
        if awaited["rolloutState"] == "FAILED":
            message = "ECS Deployment Circuit Breaker was triggered"
            raise ValueError(f"Error occurred during operation '{message}'.")
        if _is_steady(service, awaited):
            return service
        time.sleep(0.2)
    raise ValueError(f"Resource timed out waiting for completion of {name}")


def _is_steady(service, awaited):
    running = service["runningCount"] == service["desiredCount"]
    return awaited["rolloutState"] == "COMPLETED" and running


def delete_cluster(physical_id, _properties):
    end = time.monotonic() + DRAINED
    while True:
        status, _, body = ecs._delete_cluster({"cluster": physical_id})
        if status < 400 or "ClusterNotFound" in str(body):
            return
        if time.monotonic() > end:
            raise ValueError(json.loads(body)["message"])
        time.sleep(0.2)


def _rule_of(direction):
    """The handlers of a security group's rule that is a resource of its own."""
    authorize = getattr(ec2, f"_authorize_sg_{direction}")
    revoke = getattr(ec2, f"_revoke_sg_{direction}")

    def request(properties):
        place = "IpPermissions.1"
        fields = {"GroupId": properties["GroupId"], f"{place}.IpProtocol": properties["IpProtocol"]}
        for name, at in (
            ("FromPort", "FromPort"),
            ("ToPort", "ToPort"),
            ("CidrIp", "IpRanges.1.CidrIp"),
            ("SourceSecurityGroupId", "Groups.1.GroupId"),
            ("DestinationSecurityGroupId", "Groups.1.GroupId"),
        ):
            if name in properties:
                fields[f"{place}.{at}"] = properties[name]
        return {name: str(value) for name, value in fields.items()}

    def create(logical_id, properties, stack):
        status, _, body = authorize(request(properties))
        if status >= 400:
            raise ValueError(str(body)[:300])
        return f"sgr-{stack}-{logical_id}", {"Id": f"sgr-{stack}-{logical_id}"}

    def update(physical_id, old, new, stack, logical_id=None):
        revoke(request(old))
        return create(logical_id or physical_id, new, stack)

    def delete(_physical_id, properties):
        revoke(request(properties))

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}


def _recorded():
    """The handlers of a resource that is only written down."""

    def create(logical_id, properties, _stack):
        identity = properties.get("ResourceId", logical_id)
        return f"{identity}|{properties.get('ScalableDimension', '')}|ecs", {}

    return {"create": create, "delete": lambda _physical_id, _properties: None}


@around(stacks, "_runs_on_worker_thread")
def runs_on_worker_thread(original, kind):
    # They wait for containers; the emulator's loop has to go on meanwhile.
    return kind.startswith("AWS::ECS::") or original(kind)


def install():
    """Puts our handlers in the place of the emulator's."""
    HANDLERS["AWS::ECS::TaskDefinition"].update(create=create_definition, update=update_definition)
    HANDLERS["AWS::ECS::Service"].update(
        create=create_service, update=update_service, delete=delete_service
    )
    HANDLERS["AWS::ECS::Cluster"].update(delete=delete_cluster)
    HANDLERS["AWS::EC2::SecurityGroupIngress"] = _rule_of("ingress")
    HANDLERS["AWS::EC2::SecurityGroupEgress"] = _rule_of("egress")
    HANDLERS["AWS::ApplicationAutoScaling::ScalableTarget"] = _recorded()
    HANDLERS["AWS::ApplicationAutoScaling::ScalingPolicy"] = _recorded()
