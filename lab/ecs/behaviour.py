"""Holds the agent to what real ECS does: run it against a laboratory (`lab env ecs`).

Every check starts what it needs under a name of its own; all of them start at once, because
containers mostly wait. Needs nothing but Python.
"""

import concurrent.futures
import json
import os
import sys
import time
import urllib.error
import urllib.request

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
REGION = os.environ["AWS_REGION"]
IMAGE = os.environ.get("LAB_IMAGE", "tranship.lab/pause:1")
CLUSTER = "behaviour"
PATIENCE = 90
TARGETS = {
    "ecs": "AmazonEC2ContainerServiceV20141113",
    "logs": "Logs_20140328",
    "secretsmanager": "secretsmanager",
    "ssm": "AmazonSSM",
}
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-00000001"]}}
LOGS = {
    "logDriver": "awslogs",
    "options": {
        "awslogs-group": "/behaviour",
        "awslogs-region": REGION,
        "awslogs-stream-prefix": "t",
    },
}
CHECKS = []


class Refused(Exception):
    """The API said no."""


def call(api, action, /, **request):
    """One call of an API that speaks JSON."""
    scope = f"test/20260101/{REGION}/{api}/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"{TARGETS[api]}.{action}",
    }
    question = urllib.request.Request(ENDPOINT, json.dumps(request).encode(), headers)
    try:
        with urllib.request.urlopen(question, timeout=60) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        raise Refused(error.read().decode()) from None


def check(function):
    CHECKS.append(function)
    return function


def container(name, script, **more):
    return {
        "name": name,
        "image": IMAGE,
        "entryPoint": ["/bin/sh", "-c"],
        "command": [script],
        "logConfiguration": LOGS,
        "stopTimeout": 2,
        **more,
    }


def register(family, *containers, **more):
    more = {"networkMode": "awsvpc", **more}
    return call(
        "ecs",
        "RegisterTaskDefinition",
        family=family,
        containerDefinitions=list(containers),
        **more,
    )["taskDefinition"]["taskDefinitionArn"]


def run(family, *containers, **more):
    """Runs a task and returns it."""
    definition = register(family, *containers, **more)
    answer = call(
        "ecs",
        "RunTask",
        cluster=CLUSTER,
        taskDefinition=definition,
        networkConfiguration=NETWORK,
    )
    return answer["tasks"][0]["taskArn"]


def task(arn):
    return call("ecs", "DescribeTasks", cluster=CLUSTER, tasks=[arn])["tasks"][0]


def wait(what, ask):
    """Asks until the answer is something; it is returned."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.5)
    raise AssertionError(f"{what} does not come")


def stopped(arn):
    def look():
        found = task(arn)
        return found if found["lastStatus"] == "STOPPED" else None

    return wait("the end of the task", look)


def said(arn, name):
    stream = f"t/{name}/{arn.rsplit('/', 1)[-1]}"
    answer = call("logs", "GetLogEvents", logGroupName="/behaviour", logStreamName=stream)
    return [event["message"] for event in answer["events"]]


def codes(found):
    return {c["name"]: c.get("exitCode") for c in found["containers"]}


def serve(name, count, definition, **more):
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    call(
        "ecs",
        "CreateService",
        cluster=CLUSTER,
        serviceName=name,
        taskDefinition=definition,
        desiredCount=count,
        networkConfiguration=NETWORK,
        deploymentConfiguration=breaker,
        **more,
    )


def service(name):
    return call("ecs", "DescribeServices", cluster=CLUSTER, services=[name])["services"][0]


def primary(name):
    return next(d for d in service(name)["deployments"] if d["status"] == "PRIMARY")


def rolled_out(name, state="COMPLETED"):
    wait(f"{name} {state}", lambda: primary(name)["rolloutState"] == state)


def tasks(name):
    arns = call("ecs", "ListTasks", cluster=CLUSTER, serviceName=name)["taskArns"]
    return sorted(arns)


@check
def options_reach_the_container():
    call("ssm", "PutParameter", Name="/behaviour/word", Value="parameter", Type="SecureString")
    secret = call(
        "secretsmanager", "CreateSecret", Name="behaviour", SecretString='{"key": "secret"}'
    )["ARN"]
    script = """
        echo user $(id -u):$(id -g); echo folder $(pwd); echo files $(ulimit -n)/$(ulimit -Hn)
        echo first $(cat /proc/1/comm); grep CapBnd /proc/self/status
        touch /file 2>/dev/null || echo root is read-only
        touch /scratch/file && echo tmpfs $(grep -c "^tmpfs /scratch " /proc/mounts)
        grep ' /dev/shm ' /proc/mounts; echo backlog $(cat /proc/sys/net/core/somaxconn)
        echo words $WORD $KEY $PLAIN; exit 7
    """
    arn = run(
        "options",
        container(
            "all",
            script,
            user="1000:1001",
            workingDirectory="/var",
            readonlyRootFilesystem=True,
            ulimits=[{"name": "nofile", "softLimit": 1000, "hardLimit": 2000}],
            memory=32,
            environment=[{"name": "PLAIN", "value": "plain"}],
            secrets=[
                {"name": "WORD", "valueFrom": "/behaviour/word"},
                {"name": "KEY", "valueFrom": f"{secret}:key::"},
            ],
            systemControls=[{"namespace": "net.core.somaxconn", "value": "321"}],
            linuxParameters={
                "initProcessEnabled": True,
                "sharedMemorySize": 8,
                "capabilities": {"drop": ["ALL"], "add": ["SYS_PTRACE"]},
                "tmpfs": [{"containerPath": "/scratch", "size": 4, "mountOptions": ["mode=1777"]}],
            },
        ),
    )
    found = stopped(arn)
    assert codes(found) == {"all": 7}, found
    lines = "\n".join(said(arn, "all"))
    for line in (
        "user 1000:1001",
        "folder /var",
        "files 1000/2000",
        "first docker-init",
        "CapBnd:\t0000000000080000",
        "root is read-only",
        "tmpfs 1",
        "size=8192k",
        "backlog 321",
        "words parameter secret plain",
    ):
        assert line in lines, f"no {line!r} in:\n{lines}"


@check
def containers_wait_for_each_other_and_share_a_network():
    volume = {"sourceVolume": "shared", "containerPath": "/shared"}
    healthy = {"command": ["CMD-SHELL", "test -f /ready"], "interval": 1, "timeout": 2}
    arn = run(
        "order",
        container(
            "main",
            "cat /shared/word && nc 127.0.0.1 9000 </dev/null",
            mountPoints=[{**volume, "readOnly": True}],
            dependsOn=[
                {"containerName": "server", "condition": "HEALTHY"},
                {"containerName": "setup", "condition": "SUCCESS"},
            ],
        ),
        container(
            "server",
            "sleep 1; touch /ready; nc -l -p 9000 -e echo from the neighbour; sleep 60",
            healthCheck=healthy,
            essential=False,
        ),
        container(
            "setup", "echo prepared > /shared/word", mountPoints=[volume], essential=False
        ),
        volumes=[{"name": "shared"}],
    )
    found = stopped(arn)
    assert codes(found)["main"] == 0 and codes(found)["setup"] == 0, found
    assert said(arn, "main") == ["prepared", "from the neighbour"], said(arn, "main")


@check
def a_dependency_that_fails_fails_the_task():
    arn = run(
        "broken",
        container("main", "true", dependsOn=[{"containerName": "setup", "condition": "SUCCESS"}]),
        container("setup", "exit 9", essential=False),
    )
    found = stopped(arn)
    assert found["stopCode"] == "TaskFailedToStart", found
    assert "dependency setup exited with 9" in found["stoppedReason"], found
    assert codes(found)["setup"] == 9, found


@check
def the_reason_of_a_failed_start_is_named():
    reasons = {
        "noimage": ({"image": "shop.example/nothing:1"}, "CannotPullContainerError"),
        "nosecret": (
            {"secrets": [{"name": "A", "valueFrom": "/behaviour/absent"}]},
            "ResourceInitializationError",
        ),
        "noprogram": ({"entryPoint": ["/bin/nothing"]}, "CannotStartContainerError"),
    }
    arns = {name: run(name, container("main", "true", **of[0])) for name, of in reasons.items()}
    for name, arn in arns.items():
        found = stopped(arn)
        assert found["stopCode"] == "TaskFailedToStart", found
        assert found["stoppedReason"].startswith(reasons[name][1]), found["stoppedReason"]


@check
def a_restart_policy_restarts_in_place():
    policy = {"enabled": True, "ignoredExitCodes": [3], "restartAttemptPeriod": 1}
    script = "if test -f /seen; then exit 3; fi; touch /seen; sleep 2; exit 1"
    arn = run("restarts", container("main", script, restartPolicy=policy))
    found = stopped(arn)
    assert codes(found) == {"main": 3}, found
    assert found["containers"][0].get("restartCount") == 1, found


@check
def an_unhealthy_task_is_replaced():
    """It turns unhealthy only after its deployment completed."""
    script = "touch /ready; sleep 12; rm /ready; sleep 60"
    healthy = {"command": ["CMD-SHELL", "test -f /ready"], "interval": 1, "retries": 2}
    serve("fades", 1, register("fades", container("main", script, healthCheck=healthy)))
    rolled_out("fades")
    (first,) = tasks("fades")
    assert task(first)["healthStatus"] == "HEALTHY", task(first)
    found = stopped(first)
    assert found["stoppedReason"] == "Task failed container health checks", found
    wait("a replacement", lambda: [arn for arn in tasks("fades") if arn != first])


@check
def a_bad_update_is_rolled_back_and_the_old_tasks_stay():
    good = {"command": ["CMD-SHELL", "true"], "interval": 1, "retries": 2}
    bad = {"command": ["CMD-SHELL", "false"], "interval": 1, "retries": 1}
    old = register("turns", container("main", "sleep 300", healthCheck=good))
    serve("turns", 1, old)
    rolled_out("turns")
    before = tasks("turns")
    new = register("turns", container("main", "sleep 300", healthCheck=bad))
    call("ecs", "UpdateService", cluster=CLUSTER, service="turns", taskDefinition=new)
    assert primary("turns")["taskDefinition"] == new
    wait("the rollback", lambda: primary("turns")["taskDefinition"] == old)
    rolled_out("turns")
    assert set(before) <= set(tasks("turns")), "old tasks were touched"


@check
def a_bad_update_without_a_rollback_leaves_the_old_tasks():
    serve("halts", 1, register("halts", container("main", "sleep 300")))
    rolled_out("halts")
    before = tasks("halts")
    new = register("halts", container("main", "exit 4"))
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
    call(
        "ecs",
        "UpdateService",
        cluster=CLUSTER,
        service="halts",
        taskDefinition=new,
        deploymentConfiguration=breaker,
    )
    rolled_out("halts", "FAILED")
    time.sleep(2)
    assert set(before) <= set(tasks("halts")), "old tasks were touched"


@check
def a_first_deployment_that_crashes_fails():
    serve("crashes", 1, register("crashes", container("main", "exit 4")))
    rolled_out("crashes", "FAILED")
    # The one it left for good is gone after a while; none is started any more.
    wait("its end", lambda: not tasks("crashes"))


@check
def shared_volumes_outlive_tasks():
    point = {"sourceVolume": "data", "containerPath": "/data"}
    volume = {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-behaviour"}}
    write = container("main", "echo kept > /data/word", mountPoints=[point])
    assert codes(stopped(run("writes", write, volumes=[volume]))) == {"main": 0}
    arn = run("reads", container("main", "cat /data/word", mountPoints=[point]), volumes=[volume])
    assert codes(stopped(arn)) == {"main": 0}
    assert said(arn, "main") == ["kept"], said(arn, "main")


@check
def a_service_connect_alias_is_a_name():
    port = {"containerPort": 9000, "name": "door"}
    connect = {
        "enabled": True,
        "namespace": "mesh",
        "services": [{"portName": "door", "clientAliases": [{"port": 9000, "dnsName": "gate"}]}],
    }
    server = container("main", "sleep 300", portMappings=[port])
    serve("connected", 2, register("connected", server), serviceConnectConfiguration=connect)
    rolled_out("connected")
    arn = run("asks", container("main", "nslookup gate | grep -c '^Address: 10'"))
    assert codes(stopped(arn)) == {"main": 0}
    assert said(arn, "main") == ["2"], said(arn, "main")


@check
def a_port_of_the_host_is_published_in_bridge_mode():
    address = ENDPOINT.split("//")[1].split(":")[0]
    port = {"containerPort": 9000, "hostPort": 18080}
    script = "echo by the host > /tmp/index.html; exec httpd -f -p 9000 -h /tmp"
    server = container("main", script, portMappings=[port], memory=16)
    serve("bridge", 1, register("bridge", server, networkMode="bridge"))
    rolled_out("bridge")
    with urllib.request.urlopen(f"http://{address}:18080/", timeout=10) as page:
        assert page.read() == b"by the host\n"


@check
def a_service_drains_before_it_is_gone():
    serve("drains", 1, register("drains", container("main", "sleep 300", stopTimeout=5)))
    rolled_out("drains")
    try:
        call("ecs", "DeleteCluster", cluster=CLUSTER)
    except Refused as error:
        assert "ClusterContainsServicesException" in str(error), error
    else:
        raise AssertionError("a cluster with services was deleted")
    call("ecs", "DeleteService", cluster=CLUSTER, service="drains", force=True)
    assert service("drains")["status"] == "DRAINING", service("drains")
    wait("its end", lambda: service("drains")["status"] == "INACTIVE")


@check
def a_token_is_good_for_once():
    definition = register("once", container("main", "sleep 60"))
    request = {"cluster": CLUSTER, "taskDefinition": definition, "clientToken": "once"}
    first, second = (call("ecs", "RunTask", **request)["tasks"] for _ in range(2))
    assert first[0]["taskArn"] == second[0]["taskArn"], (first, second)
    serve("once", 0, definition, clientToken="once")
    serve("once", 0, definition, clientToken="once")
    try:
        serve("once", 0, definition)
    except Refused as error:
        assert "InvalidParameterException" in str(error), error
    else:
        raise AssertionError("a service was created twice")


@check
def a_killed_container_is_replaced():
    serve("killed", 2, register("killed", container("main", "sleep 2; test -f /stay || exit 1")))
    before = set(tasks("killed"))
    wait("a replacement", lambda: set(tasks("killed")) - before)
    failed = call("ecs", "ListTasks", cluster=CLUSTER, serviceName="killed", desiredStatus="STOPPED")
    wait("its exit code", lambda: codes(task(failed["taskArns"][0])) == {"main": 1})


def clear():
    """Removes what the checks made, and with it the cluster."""
    for arn in call("ecs", "ListServices", cluster=CLUSTER)["serviceArns"]:
        call("ecs", "DeleteService", cluster=CLUSTER, service=arn, force=True)
    for arn in call("ecs", "ListTasks", cluster=CLUSTER)["taskArns"]:
        call("ecs", "StopTask", cluster=CLUSTER, task=arn)

    def gone():
        try:
            return call("ecs", "DeleteCluster", cluster=CLUSTER)
        except Refused:
            return None

    wait("the end of the cluster", gone)
    call("logs", "DeleteLogGroup", logGroupName="/behaviour")
    call("ssm", "DeleteParameter", Name="/behaviour/word")
    call(
        "secretsmanager",
        "DeleteSecret",
        SecretId="behaviour",
        ForceDeleteWithoutRecovery=True,
    )


def main():
    chosen = [c for c in CHECKS if not sys.argv[1:] or c.__name__ in sys.argv[1:]]
    call("ecs", "CreateCluster", clusterName=CLUSTER)
    call("logs", "CreateLogGroup", logGroupName="/behaviour")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(chosen)) as pool:
        running = [(function.__name__, pool.submit(function)) for function in chosen]
        for name, result in running:
            error = result.exception()
            failed += error is not None
            print(f"FAILED {name}: {error!r}" if error else f"ok {name.replace('_', ' ')}")
    try:
        clear()
    except Refused as error:
        print(f"cannot clear up: {error}")
    print(f"{len(chosen) - failed} of {len(chosen)} behaviours")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
