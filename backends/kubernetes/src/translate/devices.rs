//! Devices of a node.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use tranship_model::{Device, DeviceCount, DeviceRequest, Topic};

use crate::codes;

/// Translates devices asked for by what they can do into countable resources.
pub(super) fn requests(
    requests: &[DeviceRequest],
    limits: &mut BTreeMap<String, Quantity>,
    topic: &mut Topic<'_>,
) {
    for (index, request) in requests.iter().enumerate() {
        self::request(request, limits, &mut topic.index(index));
    }
}

fn request(
    request: &DeviceRequest,
    limits: &mut BTreeMap<String, Quantity>,
    topic: &mut Topic<'_>,
) {
    let DeviceRequest {
        capabilities,
        driver,
        count,
        options,
    } = request;
    let Some(resource) = resource(capabilities, driver.as_deref()) else {
        let detail = "no kind of device is known that can do this; the task gets none";
        topic.refused(&codes::DEVICE, detail);
        return;
    };
    let (amount, is_exact) = amount(count);
    limits.insert(resource.to_owned(), Quantity(amount.to_string()));
    if is_exact {
        topic.equivalent(
            &codes::GPU,
            "the device plugin for it must run on the nodes",
        );
    } else {
        let detail = format!("the task gets {amount} of `{resource}`, whichever are free");
        topic.approximate(&codes::GPU, detail);
    }
    topic.drop_field(
        "options",
        options,
        &codes::DEVICE,
        "the device plugin has no such options",
    );
}

/// What the vendors' device plug-ins call graphics processors.
fn resource(capabilities: &[String], driver: Option<&str>) -> Option<&'static str> {
    if !capabilities.is_empty() && !capabilities.iter().any(|capability| capability == "gpu") {
        return None;
    }
    match driver {
        None | Some("nvidia") => Some("nvidia.com/gpu"),
        Some("amd") => Some("amd.com/gpu"),
        Some(_) => None,
    }
}

/// How many, and whether these are the very ones asked for.
fn amount(count: &DeviceCount) -> (i64, bool) {
    match count {
        DeviceCount::Count(count) => ((*count).max(1), *count > 0),
        DeviceCount::All => (1, false),
        DeviceCount::Named(names) => (i64::try_from(names.len()).unwrap_or(1).max(1), false),
    }
}

/// Notes the devices a task would see.
pub(super) fn devices(devices: &[Device], topic: &mut Topic<'_>) {
    for (index, device) in devices.iter().enumerate() {
        let Device {
            source,
            target: _,
            permissions: _,
        } = device;
        let detail = format!("the task has no `{source}`");
        topic.index(index).refused(&codes::DEVICE, detail);
    }
}
