//! The image, and how it is built.

use tranship_model::{Image, ImageOrigin};

use super::codes;
use super::record::Record;
use crate::project::{ContainerSpec, WorkloadSpec};

/// The image of a service or job; without a name, the one a local build gives it.
pub(super) fn image(
    build_name: (&str, &str),
    container: &ContainerSpec,
    workload: &WorkloadSpec,
    record: &mut Record<'_>,
) -> Image {
    let named = container.image.as_ref().map(ToString::to_string);
    let is_built = workload.build.is_some();
    let (reference, origin) = match named {
        Some(reference) if is_built => (reference, ImageOrigin::NamedAndBuilt),
        Some(reference) => (reference, ImageOrigin::Named),
        None => (
            format!("{}-{}", build_name.0, build_name.1),
            ImageOrigin::Built,
        ),
    };
    if is_built {
        note_build(&reference, origin, record);
    }
    Image { reference, origin }
}

fn note_build(reference: &str, origin: ImageOrigin, record: &mut Record<'_>) {
    if origin == ImageOrigin::Built {
        record.whole("image", "build");
        let detail = format!("runs `{reference}`, which only nodes that built it have");
        record
            .note("build")
            .approximate(&codes::BUILT_IMAGE, detail);
    } else {
        let detail = format!("runs `{reference}`, built and pushed beforehand");
        record.note("build").equivalent(&codes::BUILD, detail);
    }
}
