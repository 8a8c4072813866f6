"""What cfn-lint and the emulator say of definitions that break a rule of the ECS API.

Arguments: the folder with `valid` and `invalid` definitions, the folder of programs of the checkers, that of the
emulator. Prints one line for each definition: its name, and whether each of the two refused it.
The emulator is asked for what is a definition or a service of its own interface, without Docker:
it decides on a request before anything is started.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SPELLED = {"EFSVolumeConfiguration": "efsVolumeConfiguration", "FilesystemId": "fileSystemId",
           "IAM": "iam", "PlacementStrategies": "placementStrategy"}
USER_KEYED = {"Options", "DockerLabels", "DriverOpts", "Labels"}


def lower(value, keeps=False):
    """The spelling of the API for that of a template."""
    if isinstance(value, list):
        return [lower(item) for item in value]
    if not isinstance(value, dict):
        return value
    name = lambda key: key if keeps else SPELLED.get(key, key[0].lower() + key[1:])
    return {name(key): lower(member, key in USER_KEYED) for key, member in value.items()}


def template(case):
    resources = {"Definition": {"Type": "AWS::ECS::TaskDefinition", "Properties": case["definition"]}}
    if "service" in case:
        properties = dict(case["service"], TaskDefinition={"Ref": "Definition"})
        resources["Service"] = {"Type": "AWS::ECS::Service", "Properties": properties}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def linted(cases, programs):
    """The names of those in which cfn-lint finds an error."""
    with tempfile.TemporaryDirectory() as folder:
        for name, case in cases.items():
            pathlib.Path(folder, f"{name}.template").write_text(json.dumps(template(case)))
        command = [f"{programs}/cfn-lint", "--format", "json", "--non-zero-exit-code", "none", "--"]
        paths = sorted(map(str, pathlib.Path(folder).glob("*.template")))
        said = subprocess.run(command + paths, capture_output=True, text=True, check=True).stdout
    errors = [match for match in json.loads(said or "[]") if match["Level"] == "Error"]
    return {pathlib.Path(match["Filename"]).stem for match in errors}


class Emulator:
    """The emulator on a port of its own, until it is stopped."""

    def __init__(self, programs):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        variables = dict(os.environ, GATEWAY_PORT=str(self.port), BIND_HOST="127.0.0.1",
                         DOCKER_HOST="unix:///nowhere", MINISTACK_REGION="eu-west-1")
        code = "import sys; sys.argv = ['ministack']; from ministack.app import main; main()"
        self.process = subprocess.Popen([f"{programs}/python", "-B", "-c", code], env=variables,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_ministack/health", timeout=2)
                return
            except OSError:
                time.sleep(0.2)
        self.process.terminate()
        raise SystemExit("the emulator does not answer")

    def refuses(self, operation, body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", json.dumps(body).encode(), {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AmazonEC2ContainerServiceV20141113.{operation}",
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ecs/aws4_request, "
                             "SignedHeaders=host, Signature=none"})
        try:
            urllib.request.urlopen(request, timeout=30).read()
            return False
        except urllib.error.HTTPError as error:
            return 400 <= error.code < 500


def emulated(cases, programs):
    """The names of those which the emulator refuses."""
    emulator = Emulator(programs)
    refused = set()
    try:
        for name, case in cases.items():
            # A name is a service's own within its cluster.
            cluster = name.replace(".", "-")
            emulator.refuses("CreateCluster", {"clusterName": cluster})
            definition = lower(case["definition"])
            broken = emulator.refuses("RegisterTaskDefinition", definition)
            for kind, operation in (("service", "CreateService"), ("run", "RunTask")):
                if kind in case:
                    body = dict(lower(case[kind]), cluster=cluster, taskDefinition=definition["family"])
                    broken |= emulator.refuses(operation, body)
            if broken:
                refused.add(name)
    finally:
        emulator.process.terminate()
        emulator.process.wait()
    return refused


def read(folder):
    return {path.stem: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.json"))}


valid, invalid = read(f"{sys.argv[1]}/valid"), read(f"{sys.argv[1]}/invalid")
cases = valid | invalid
by_linter, by_emulator = linted(cases, sys.argv[2]), emulated(cases, sys.argv[3])
# Who refuses what is right proves nothing by refusing what is wrong.
if refused := (by_linter | by_emulator) & valid.keys():
    sys.exit(f"refused, though valid: {sorted(refused)}")
for name in invalid:
    print(name, int(name in by_linter), int(name in by_emulator))
