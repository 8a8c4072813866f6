//! A base of kustomize: what overlays build on.

use serde_json::json;
use tranship_backend::{File, Object, RenderError, to_yaml};

use crate::manifest;

/// The plain files, behind the list that names them.
///
/// Source: kustomize, `kustomize.config.k8s.io/v1beta1`.
pub(super) fn files(objects: &[Object]) -> Result<Vec<File>, RenderError> {
    let plain = manifest::files(objects)?;
    let paths: Vec<&str> = plain.iter().map(|file| file.path.as_str()).collect();
    let list = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": paths,
    });
    let list = File {
        path: "kustomization.yaml".to_owned(),
        content: to_yaml(&list)?,
    };
    Ok([vec![list], plain].concat())
}
