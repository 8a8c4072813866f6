//! What each stage of a conversion costs: scan, load, translate, render, on 100 services.
//!
//! For comparing two states of one stage; `cargo xtask bench` measures whole runs beside others.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tranship_backend::Translate;
use tranship_compose::lower::{Contents, Lowered, lower};
use tranship_compose::{LoadOptions, MemoryFiles, load};
use tranship_ecs::Ecs;
use tranship_kubernetes::Kubernetes;
use tranship_swarm::Swarm;

#[path = "../xtask/src/sample.rs"]
mod sample;

const SERVICES: usize = 100;

fn backends() -> [Box<dyn Translate>; 3] {
    [
        Box::new(Kubernetes::default()),
        Box::new(Swarm::default()),
        Box::new(Ecs::default()),
    ]
}

fn options() -> LoadOptions {
    LoadOptions {
        current_directory: "/bench".to_owned(),
        ..LoadOptions::default()
    }
}

fn lowered(files: &MemoryFiles) -> Lowered {
    let project = load(files, &options()).project.unwrap_or_default();
    lower(&project, &Contents::read(&project, files))
}

fn reading(criterion: &mut Criterion) {
    let text = sample::compose(SERVICES);
    let files = MemoryFiles::new().with("/bench/compose.yaml", text.as_str());
    let mut group = criterion.benchmark_group("read");
    group.bench_function("scan", |bencher| {
        bencher.iter(|| tranship_yaml::scan(black_box(&text)));
    });
    group.bench_function("load", |bencher| {
        bencher.iter(|| load(black_box(&files), &options()));
    });
    group.bench_function("load and lower", |bencher| {
        bencher.iter(|| lowered(black_box(&files)));
    });
    group.finish();
}

fn writing(criterion: &mut Criterion) {
    let text = sample::compose(SERVICES);
    let files = MemoryFiles::new().with("/bench/compose.yaml", text);
    let Lowered { stack, .. } = lowered(&files);
    for backend in backends() {
        let mut group = criterion.benchmark_group(backend.target().name);
        group.bench_function("translate", |bencher| {
            bencher.iter(|| backend.translate(black_box(&stack)));
        });
        let translation = backend.translate(&stack);
        group.bench_function("render", |bencher| {
            bencher.iter(|| backend.render(black_box(&stack), &translation));
        });
        group.bench_function("convert", |bencher| {
            bencher.iter(|| backend.convert(black_box(&stack)));
        });
        group.finish();
    }
}

criterion_group!(stages, reading, writing);
criterion_main!(stages);
