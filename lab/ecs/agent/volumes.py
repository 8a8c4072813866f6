"""The volumes of a task as Docker's: shared file systems outlive it, its own do not."""

import os

import ministack.services.ecs as ecs
import ministack.services.efs as efs

from .patch import around
from .patience import insist


def binds(task_id, definition, container, engine):
    """What `docker run --volume` needs for the mount points of a container."""
    declared = {volume["name"]: volume for volume in definition.get("volumes") or []}
    result = []
    for mount in container.get("mountPoints") or []:
        source, options = _source(task_id, declared[mount["sourceVolume"]], engine)
        options.insert(0, "ro" if mount.get("readOnly") else "rw")
        result.append(f"{source}:{mount['containerPath']}:{','.join(options)}")
    return result


def _source(task_id, volume, engine):
    shared = volume.get("efsVolumeConfiguration")
    if shared:
        # A network file system never receives what the image has at that place.
        return _file_system(shared, engine), ["nocopy"]
    path = (volume.get("host") or {}).get("sourcePath")
    if path:
        return path, []
    docker = volume.get("dockerVolumeConfiguration") or {}
    if docker.get("scope") == "shared":
        return volume["name"], []
    return own(task_id, volume["name"]), []


def own(task_id, name):
    """The name of a volume that lives and dies with its task."""
    return f"task-{task_id[:8]}-{name}"


def _file_system(configuration, engine):
    point = (configuration.get("authorizationConfig") or {}).get("accessPointId")
    file_system = configuration["fileSystemId"]
    root = (configuration.get("rootDirectory") or "/").strip("/").replace("/", "_") or "root"
    volume = engine.volumes.create(f"efs-{file_system}-{point or root}")
    if point:
        _own(volume.attrs["Mountpoint"], efs._access_points.get(point) or {})
    return volume.name


def _own(folder, point):
    """Gives the root of an access point the owner and mode that its creation asks for."""
    creation = (point.get("RootDirectory") or {}).get("CreationInfo")
    if not creation:
        return
    os.chown(folder, int(creation["OwnerUid"]), int(creation["OwnerGid"]))
    os.chmod(folder, int(creation["Permissions"], 8))


def remove_own(task_id, engine):
    """Removes what a task kept for itself."""
    for volume in engine.volumes.list(filters={"name": f"task-{task_id[:8]}-"}):
        insist(lambda volume=volume: volume.remove(force=True))


@around(efs, "_delete_file_system")
def delete_file_system(original, file_system):
    """What a file system held goes with it."""
    answer = original(file_system)
    if answer[0] < 400:
        engine = ecs._get_docker()
        for volume in engine.volumes.list(filters={"name": f"efs-{file_system}-"}):
            volume.remove(force=True)
    return answer
