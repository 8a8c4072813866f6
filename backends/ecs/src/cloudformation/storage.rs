//! File systems that outlive tasks.

use serde::Serialize;

use crate::api::Tag;
use crate::late::{Late, LateList};

/// `AWS::EFS::FileSystem`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FileSystem {
    pub(crate) encrypted: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) file_system_tags: Vec<Tag>,
}

/// `AWS::EFS::AccessPoint`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccessPoint {
    pub(crate) file_system_id: Late,
    pub(crate) root_directory: RootDirectory,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) access_point_tags: Vec<Tag>,
}

/// `RootDirectory` of an access point.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RootDirectory {
    pub(crate) path: String,
    pub(crate) creation_info: CreationInfo,
}

/// `CreationInfo`: whose the directory is when it is made.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreationInfo {
    pub(crate) owner_uid: &'static str,
    pub(crate) owner_gid: &'static str,
    pub(crate) permissions: &'static str,
}

/// `AWS::EFS::MountTarget`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MountTarget {
    pub(crate) file_system_id: Late,
    pub(crate) subnet_id: Late,
    pub(crate) security_groups: LateList,
}
