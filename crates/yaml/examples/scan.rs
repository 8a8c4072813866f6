//! Counts the events of a YAML file: the floor the benchmarks compare a load with.
#![expect(
    clippy::print_stdout,
    reason = "the count is printed so that it cannot be optimised away"
)]

use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("which file?")?;
    println!("{}", tranship_yaml::scan(&fs::read_to_string(path)?));
    Ok(())
}
