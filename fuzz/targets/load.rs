#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| tranship_compose::fuzzing::load_project(text));
