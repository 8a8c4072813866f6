//! Volumes: directories of a file system on Fargate, volumes of the instance on EC2.

use std::sync::Arc;

use indexmap::IndexMap;
use tranship_model::{FieldPath, Ledger, Topic, Volume, VolumeScope};

use super::process;
use crate::api::{DockerVolume, Tag};
use crate::cloudformation::{
    AccessPoint, CreationInfo, FileSystem, IngressRule, MountTarget, Parameter, RootDirectory,
    SecurityGroup,
};
use crate::codes;
use crate::draft::{Draft, Stage, Standing};
use crate::late::{Late, LateList};
use crate::names;

/// The logical id of the file system all volumes are directories of.
const FILE_SYSTEM: &str = "FileSystem";
/// The logical id of the group tasks join to mount it.
const FILE_SYSTEM_GROUP: &str = "FileSystemGroup";
/// The port of NFS.
const NFS: u16 = 2049;

/// Where a volume is kept.
#[derive(Clone, Debug)]
pub(crate) enum VolumeHome {
    /// A directory of the stack's file system.
    Directory {
        /// The access point that leads to it.
        access_point: Late,
    },
    /// A file system outside the stack.
    FileSystem {
        /// Its id.
        id: Late,
    },
    /// A volume of the instance.
    Instance(DockerVolume, String),
}

/// Creates the volumes, and gives the home of each by its key.
pub(crate) fn translate<'a>(
    draft: &mut Draft,
    ledger: &mut Ledger,
    volumes: &'a IndexMap<String, Volume>,
) -> IndexMap<&'a str, VolumeHome> {
    let mut homes = IndexMap::with_capacity(volumes.len());
    for (key, volume) in volumes {
        let home = match (draft.is_fargate(), volume.external) {
            (true, true) => external_file_system(draft, ledger, key, volume),
            (true, false) => directory(draft, ledger, key, volume),
            (false, _) => instance_volume(ledger, volume),
        };
        homes.insert(key.as_str(), home);
    }
    homes
}

/// The file system's id.
pub(crate) fn file_system() -> Late {
    Late::Reference(Arc::from(FILE_SYSTEM))
}

/// The group tasks join to mount the file system.
pub(crate) fn file_system_group() -> Late {
    Late::Attribute(Arc::from(FILE_SYSTEM_GROUP), "GroupId")
}

/// The mount targets a task needs before it starts.
pub(crate) fn mount_target_ids() -> [Arc<str>; 2] {
    [
        Arc::from("FileSystemTargetA"),
        Arc::from("FileSystemTargetB"),
    ]
}

fn external_file_system(
    draft: &mut Draft,
    ledger: &mut Ledger,
    key: &str,
    volume: &Volume,
) -> VolumeHome {
    let id = names::logical_id(key, "FileSystemId");
    let parameter = Parameter {
        kind: "String",
        description: format!("The EFS file system that holds the volume {}.", volume.name),
        default: None,
        allowed_values: Vec::new(),
    };
    let late = draft.parameter(&id, &volume.path, parameter);
    let detail = format!(
        "the parameter `{id}` names the EFS file system; its mount targets must let in the \
         stack's security groups"
    );
    ledger
        .topic(volume.path.clone(), Vec::new())
        .approximate(&codes::EXTERNAL, detail);
    VolumeHome::FileSystem { id: late }
}

fn directory(draft: &mut Draft, ledger: &mut Ledger, key: &str, volume: &Volume) -> VolumeHome {
    ensure_file_system(draft);
    let id = names::logical_id(key, "AccessPoint");
    let access_point = AccessPoint {
        file_system_id: file_system(),
        root_directory: RootDirectory {
            path: format!("/{}", names::dashed(key, 99)),
            // Whoever the image runs as can write, as in a volume filled from the image.
            creation_info: CreationInfo {
                owner_uid: "0",
                owner_gid: "0",
                permissions: "0777",
            },
        },
        access_point_tags: vec![Tag {
            key: "Name".to_owned(),
            value: names::dashed(&volume.name, 255),
        }],
    };
    let object = draft.resource("AWS::EFS::AccessPoint", &id, &volume.path, &access_point);
    note_directory(&mut ledger.topic(volume.path.clone(), vec![object]), volume);
    VolumeHome::Directory {
        access_point: Late::Reference(id),
    }
}

fn note_directory(topic: &mut Topic<'_>, volume: &Volume) {
    let Volume {
        name: _,
        path: _,
        external: _,
        driver,
        driver_options,
        labels,
        scope,
        size,
    } = volume;
    topic.approximate(
        &codes::VOLUME_FILE_SYSTEM,
        "a directory of an EFS file system: all tasks share it over the network, and an empty one \
         is not filled from the image",
    );
    topic.drop_field(
        "driver",
        driver,
        &codes::VOLUME_DRIVER,
        "EFS keeps the volume, not this driver",
    );
    topic.drop_field(
        "driver_options",
        driver_options,
        &codes::VOLUME_DRIVER,
        "EFS takes no options of a driver",
    );
    topic.drop_field(
        "labels",
        labels,
        &codes::LABELS,
        "the access point is not labelled",
    );
    topic.drop_field(
        "size",
        size,
        &codes::VOLUME_FILE_SYSTEM,
        "EFS grows and shrinks with its content; nothing limits it",
    );
    match scope {
        VolumeScope::Shared => {}
        VolumeScope::PerTask => topic.key("scope").refused(
            &codes::VOLUME_PER_TASK,
            "all tasks share one directory, and overwrite each other's files",
        ),
    }
}

fn instance_volume(ledger: &mut Ledger, volume: &Volume) -> VolumeHome {
    let Volume {
        name,
        path,
        external,
        driver,
        driver_options,
        labels,
        scope,
        size,
    } = volume;
    let mut topic = ledger.topic(path.clone(), Vec::new());
    topic.approximate(
        &codes::VOLUME_INSTANCE,
        "a volume of the instance: a task that starts on another instance finds it empty",
    );
    topic.drop_field(
        "size",
        size,
        &codes::VOLUME_INSTANCE,
        "nothing limits the volume's size",
    );
    match scope {
        VolumeScope::Shared => {}
        VolumeScope::PerTask => topic.key("scope").refused(
            &codes::VOLUME_PER_TASK,
            "tasks on one instance share one volume, and overwrite each other's files",
        ),
    }
    let docker = DockerVolume {
        scope: "shared",
        autoprovision: !external,
        driver: driver.clone().unwrap_or_else(|| "local".to_owned()),
        driver_opts: process::user_map(&mut topic.key("driver_options"), driver_options),
        labels: process::user_map(&mut topic.key("labels"), labels),
    };
    VolumeHome::Instance(docker, name.clone())
}

fn ensure_file_system(draft: &mut Draft) {
    if draft.has_file_system {
        return;
    }
    draft.has_file_system = true;
    let owner = FieldPath::root("volumes");
    let tag = Tag {
        key: "Name".to_owned(),
        value: "volumes".to_owned(),
    };
    let file_system = FileSystem {
        encrypted: true,
        file_system_tags: vec![tag],
    };
    let standing = Standing {
        depends_on: Vec::new(),
        retained: true,
        stage: Stage::Foundation,
    };
    draft.standing_resource(
        "AWS::EFS::FileSystem",
        &Arc::from(FILE_SYSTEM),
        &owner,
        &file_system,
        standing,
    );
    let group = SecurityGroup {
        group_description: "Tasks that mount the file system".to_owned(),
        vpc_id: Some(draft.vpc()),
        ..SecurityGroup::default()
    };
    draft.resource(
        "AWS::EC2::SecurityGroup",
        &Arc::from(FILE_SYSTEM_GROUP),
        &owner,
        &group,
    );
}

/// Creates the places in two subnets where tasks mount the file system, if there is one.
pub(crate) fn mount_targets(draft: &mut Draft) {
    if !draft.has_file_system {
        return;
    }
    let owner = FieldPath::root("volumes");
    draft.subnets();
    let group = SecurityGroup {
        group_description: "Mount targets of the file system".to_owned(),
        vpc_id: Some(draft.vpc()),
        security_group_ingress: vec![IngressRule::from_group("tcp", NFS, file_system_group())],
        security_group_egress: Vec::new(),
    };
    let target_group: Arc<str> = Arc::from("FileSystemTargetGroup");
    draft.resource("AWS::EC2::SecurityGroup", &target_group, &owner, &group);
    for (index, id) in (0u8..).zip(mount_target_ids()) {
        let target = MountTarget {
            file_system_id: file_system(),
            subnet_id: Late::Subnet(index),
            security_groups: LateList::Items(vec![Late::Attribute(
                Arc::clone(&target_group),
                "GroupId",
            )]),
        };
        draft.resource("AWS::EFS::MountTarget", &id, &owner, &target);
    }
}
